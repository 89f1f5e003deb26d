// Bands of results lie below one another, and arrow keys lead from one into the next.
import { describe, expect, it } from 'vitest'
import { spotAfterKey } from '@/features/timeline/grid-keys'
import { BAND_HEADER, layOutBands } from './bands'

const frame = { width: 1000, rowHeight: 200, gap: 4 }
const likely = { name: 'likely', ratios: [1.5, 1.5, 1, 1.5, 1.5], headed: false }
const possible = { name: 'possible', ratios: [1, 1.5], headed: true }

describe('bands', () => {
  it('lie below one another, with room for the heading of the second', () => {
    const [first, second] = layOutBands([likely, possible], frame)
    const boxes = (band = first) =>
      band?.layout?.days.flatMap(({ rows }) => rows.flat())
    expect(boxes()?.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4])
    expect(boxes()?.[0]?.top).toBe(0)
    expect(boxes(second)?.[0]?.top).toBe(BAND_HEADER)
    expect(second?.top).toBe(first?.height)
    for (const { left, width } of boxes() ?? []) {
      expect(left + width).toBeLessThanOrEqual(1000.01)
    }
  })

  it('are one grid for the arrow keys', () => {
    const placed = layOutBands([likely, possible], frame)
    const lead = (key: string, bucket: number, index: number) =>
      spotAfterKey(key, { bucket, index }, placed, [5, 2])
    expect(lead('ArrowRight', 0, 4)).toEqual({ bucket: 1, index: 0 })
    expect(lead('ArrowLeft', 1, 0)).toEqual({ bucket: 0, index: 4 })
    expect(lead('ArrowDown', 0, 4)?.bucket).toBe(1)
    expect(lead('ArrowUp', 1, 0)?.bucket).toBe(0)
    expect(lead('End', 0, 0)).toEqual({ bucket: 1, index: 1 })
    expect(lead('ArrowRight', 1, 1)).toBeUndefined()
  })

  it('that are empty take no room', () => {
    expect(layOutBands([{ ...likely, ratios: [] }], frame)[0]?.height).toBe(0)
  })
})
