// Loads the buckets near the window, and places all of them.
import { useQueries } from '@tanstack/react-query'
import { useMemo, useRef } from 'react'
import type { Bucket, BucketSummary } from '@/api/types'
import type { Filters } from '@/features/filters/filters'
import { type PlacedBucket, place } from './anchor'
import { type BucketLayout, estimateHeight, type Frame, layOutBucket } from './justify'
import { bucketQuery } from './queries'

export type LoadedBucket = { columns: Bucket; layout: BucketLayout }

/** Whether a bucket is the first of its month, and so carries its name. */
export const startsMonth = (buckets: readonly BucketSummary[], at: number) =>
  buckets[at]?.month !== buckets[at - 1]?.month

/**
 * Every bucket's place, and the columns of those in `wanted`.
 *
 * Heights once known stay known for the frame, also after their columns were let go.
 */
export function usePlacedBuckets(
  filters: Filters,
  buckets: readonly BucketSummary[],
  wanted: readonly number[],
  frame: Frame,
) {
  const known = useRef({ frame, heights: new Map<string, number>() })
  if (known.current.frame !== frame) {
    known.current = { frame, heights: new Map() }
  }
  const layouts = useRef(new WeakMap<Bucket, { frame: Frame; layout: BucketLayout }>())

  const answers = useQueries({
    queries: wanted.map((at) => {
      const summary = buckets[at]
      return bucketQuery(filters, summary?.bucket ?? '', summary?.count ?? 0)
    }),
  })

  const loaded = new Map<string, LoadedBucket>()
  wanted.forEach((at, order) => {
    const summary = buckets[at]
    const columns = answers[order]?.data
    if (!summary || !columns || frame.width <= 0) return
    let entry = layouts.current.get(columns)
    if (entry?.frame !== frame) {
      const layout = layOutBucket(
        columns.ratio,
        columns.taken_at,
        frame,
        startsMonth(buckets, at),
      )
      entry = { frame, layout }
      layouts.current.set(columns, entry)
    }
    loaded.set(summary.bucket, { columns, layout: entry.layout })
    known.current.heights.set(summary.bucket, entry.layout.height)
  })

  const key = [...loaded.keys()].join(' ')
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` names what is in `loaded`
  const placed: PlacedBucket[] = useMemo(() => {
    const heights = buckets.map(
      ({ bucket, count, ratio_sum }, at) =>
        known.current.heights.get(bucket) ??
        estimateHeight(count, ratio_sum, frame, startsMonth(buckets, at)),
    )
    return place(
      buckets.map(({ bucket }) => bucket),
      heights,
      new Map([...loaded].map(([bucket, { layout }]) => [bucket, layout])),
    )
  }, [buckets, frame, key])

  const failed = answers.find(({ isError }) => isError)
  return { placed, loaded, failed }
}
