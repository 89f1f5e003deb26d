// Words for an object.
import type { Detection } from '@/api/types'

const NEAR_SECONDS = 0.2

export const sure = (score: number) => `${Math.round(100 * score)} %`

/** The objects of a key frame, while a video rests on it; anywhere else they have moved on. */
export const seenAt = (detections: readonly Detection[], seconds: number) =>
  detections.filter(
    ({ time_offset }) => Math.abs((time_offset ?? 0) - seconds) < NEAR_SECONDS,
  )

/** Objects of a video by the second they were seen at, in order of time. */
export function byTime(detections: readonly Detection[]) {
  const times = new Map<number, Detection[]>()
  for (const detection of detections) {
    const at = detection.time_offset ?? 0
    times.set(at, [...(times.get(at) ?? []), detection])
  }
  return [...times]
    .sort(([a], [b]) => a - b)
    .map(([at, found]) => ({ at, found: onePerName(found) }))
}

/** The surest of each name, and how many there are. */
function onePerName(found: readonly Detection[]) {
  const names = new Map<string, { name: string; score: number; count: number }>()
  for (const { name, score } of found) {
    const known = names.get(name)
    names.set(name, {
      name,
      score: Math.max(score, known?.score ?? 0),
      count: (known?.count ?? 0) + 1,
    })
  }
  return [...names.values()]
}
