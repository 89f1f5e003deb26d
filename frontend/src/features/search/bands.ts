// Lays search results out in bands of justified rows; pure arithmetic on ratios.
import type { PlacedBucket } from '@/features/timeline/anchor'
import { type Frame, layOutRows } from '@/features/timeline/justify'

/** Results of one degree of certainty, by their ratios. */
export type BandShape = { name: string; ratios: readonly number[]; headed: boolean }

/** Room for the heading of a band that has one. */
export const BAND_HEADER = 76

/** Bands one below another, shaped like buckets of one day, so that the same keys lead on. */
export function layOutBands(bands: readonly BandShape[], frame: Frame): PlacedBucket[] {
  let top = 0
  return bands.map(({ name, ratios, headed }) => {
    const { rows, bottom } = layOutRows(ratios, frame, headed ? BAND_HEADER : 0)
    const height = Math.ceil(bottom)
    const days = [{ day: name, left: 0, top: 0, width: frame.width, rows }]
    const placed = { bucket: name, top, height, layout: { height, days } }
    top += height
    return placed
  })
}
