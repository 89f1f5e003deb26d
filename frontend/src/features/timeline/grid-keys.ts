// Where an arrow key leads in the timeline.
import type { PlacedBucket } from './anchor'
import { boxOf } from './anchor'
import type { Box } from './justify'
import type { Spot } from './sequence'

/** The spot that a key leads to from another; undefined when the key means nothing here. */
export function spotAfterKey(
  key: string,
  from: Spot,
  placed: readonly PlacedBucket[],
  counts: readonly number[],
): Spot | undefined {
  switch (key) {
    case 'ArrowRight':
      return along(from, 1, counts)
    case 'ArrowLeft':
      return along(from, -1, counts)
    case 'ArrowDown':
      return across(from, 1, placed)
    case 'ArrowUp':
      return across(from, -1, placed)
    case 'Home':
      return { bucket: 0, index: 0 }
    case 'End': {
      const bucket = counts.length - 1
      return { bucket, index: (counts[bucket] ?? 1) - 1 }
    }
    default:
      return undefined
  }
}

function along({ bucket, index }: Spot, step: 1 | -1, counts: readonly number[]) {
  const next = index + step
  if (next >= 0 && next < (counts[bucket] ?? 0)) return { bucket, index: next }
  const neighbour = bucket + step
  const count = counts[neighbour]
  if (!count) return undefined
  return { bucket: neighbour, index: step === 1 ? 0 : count - 1 }
}

/** The picture above or below: in the nearest row, the one whose middle is nearest. */
function across(from: Spot, step: 1 | -1, placed: readonly PlacedBucket[]) {
  const start = placed[from.bucket]
  const box = start && boxOf(start, from.index)
  if (!start || !box) return undefined
  const middle = box.left + box.width / 2
  const y = start.top + box.top

  let best: { spot: Spot; distance: number; aside: number } | undefined
  for (
    let bucket = from.bucket;
    bucket >= 0 && bucket < placed.length;
    bucket += step
  ) {
    const candidate = placed[bucket]
    if (!candidate?.layout) break
    for (const other of boxes(candidate)) {
      const distance = (candidate.top + other.top - y) * step
      if (distance <= 1) continue
      const aside = Math.abs(other.left + other.width / 2 - middle)
      const nearer =
        !best ||
        distance < best.distance - 1 ||
        (distance < best.distance + 1 && aside < best.aside)
      if (nearer) best = { spot: { bucket, index: other.index }, distance, aside }
    }
    if (best) break
  }
  return best?.spot
}

function boxes({ layout }: PlacedBucket): Box[] {
  return layout?.days.flatMap(({ rows }) => rows.flat()) ?? []
}
