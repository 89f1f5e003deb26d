// Remembers what the reader looks at, so that nothing jumps when heights become known.
import type { BucketLayout } from './justify'
import { MONTH_HEADER } from './justify'

/** A bucket of the timeline with its place in layout pixels. */
export type PlacedBucket = {
  bucket: string
  top: number
  height: number
  /** Absent until the bucket's pictures are known; then `height` is exact. */
  layout?: BucketLayout
}

/**
 * A spot in the timeline that outlives a change of layout: a picture and how far above
 * the window's top it starts, or a fraction of a bucket that is not loaded yet.
 */
export type Anchor =
  | { bucket: string; index: number; delta: number }
  | { bucket: string; fraction: number }

/** The bucket that covers a layout position; the last one that starts at or above it. */
export function bucketAt(buckets: readonly PlacedBucket[], top: number): number {
  let low = 0
  let high = buckets.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((buckets[middle]?.top ?? 0) <= top) low = middle
    else high = middle - 1
  }
  return low
}

export function anchorAt(
  buckets: readonly PlacedBucket[],
  top: number,
): Anchor | undefined {
  const placed = buckets[bucketAt(buckets, top)]
  if (!placed) return undefined
  const inside = top - placed.top
  if (placed.layout) {
    for (const { rows } of placed.layout.days) {
      for (const row of rows) {
        const first = row[0]
        if (first && first.top + first.height > inside) {
          return {
            bucket: placed.bucket,
            index: first.index,
            delta: inside - first.top,
          }
        }
      }
    }
  }
  return {
    bucket: placed.bucket,
    fraction: Math.min(1, inside / Math.max(1, placed.height)),
  }
}

/** Where an anchor is now; undefined when its bucket is gone. */
export function topOfAnchor(
  buckets: readonly PlacedBucket[],
  anchor: Anchor,
): number | undefined {
  const placed = buckets.find(({ bucket }) => bucket === anchor.bucket)
  if (!placed) return undefined
  if ('fraction' in anchor) return placed.top + anchor.fraction * placed.height
  const box = boxOf(placed, anchor.index)
  return box ? placed.top + box.top + anchor.delta : placed.top
}

export function boxOf({ layout }: PlacedBucket, index: number) {
  for (const { rows } of layout?.days ?? []) {
    const last = rows.at(-1)?.at(-1)
    if (!last || last.index < index) continue
    for (const row of rows) for (const box of row) if (box.index === index) return box
  }
  return undefined
}

/** Buckets one below another, from known and guessed heights. */
export function place(
  buckets: readonly string[],
  heights: readonly number[],
  layouts: ReadonlyMap<string, BucketLayout>,
): PlacedBucket[] {
  let top = 0
  return buckets.map((bucket, index) => {
    const layout = layouts.get(bucket)
    const height = layout?.height ?? heights[index] ?? MONTH_HEADER
    const placed = { bucket, top, height, layout }
    top += height
    return placed
  })
}
