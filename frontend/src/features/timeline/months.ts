// The months of a timeline and the years on its scrubber.
import type { BucketSummary } from '@/api/types'
import type { PlacedBucket } from './anchor'

/** A month, its first bucket, and where that starts in layout pixels. */
export type MonthMark = { month: string; bucket: string; top: number }

/** One mark per month, in order; a month of many buckets has one, at the first. */
export function monthMarks(
  buckets: readonly BucketSummary[],
  placed: readonly PlacedBucket[],
): MonthMark[] {
  const marks: MonthMark[] = []
  buckets.forEach(({ month, bucket }, index) => {
    if (marks.at(-1)?.month === month) return
    marks.push({ month, bucket, top: placed[index]?.top ?? 0 })
  })
  return marks
}

/** The month that covers a layout position. */
export function monthAt(months: readonly MonthMark[], top: number) {
  let low = 0
  let high = months.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((months[middle]?.top ?? 0) <= top + 1) low = middle
    else high = middle - 1
  }
  return months[low]
}

export const fractionOfMonth = (top: number, layoutHeight: number) =>
  layoutHeight > 0 ? Math.min(1, Math.max(0, top / layoutHeight)) : 0

const LABEL_PX = 22
const DOT_PX = 8

/** Years at their place on the strip. Labels keep apart; crowded years become dots. */
export function yearTicks(
  months: readonly MonthMark[],
  height: number,
  layoutHeight: number,
) {
  const ticks: { year: string; y: number; label: boolean }[] = []
  let lastLabel = Number.NEGATIVE_INFINITY
  let lastY = Number.NEGATIVE_INFINITY
  let lastYear = ''
  for (const { month, top } of months) {
    const year = month.slice(0, 4)
    if (year === lastYear) continue
    lastYear = year
    const y = fractionOfMonth(top, layoutHeight) * height + 8
    const label = y - lastLabel >= LABEL_PX
    if (!label && y - lastY < DOT_PX) continue
    ticks.push({ year, y, label })
    lastY = y
    if (label) lastLabel = y
  }
  return ticks
}
