// Rows fill the width, days stay together, and nothing is lost.
import { describe, expect, it } from 'vitest'
import { randomFrom } from '@/testing/drawn-library'
import { estimateHeight, type Frame, justify, layOutBucket } from './justify'

const frame: Frame = { width: 1000, rowHeight: 200, gap: 4 }
const ratios = (count: number, seed = 1) => {
  const random = randomFrom(seed)
  return Array.from({ length: count }, () => 0.5 + random() * 1.5)
}

describe('justify', () => {
  it('makes every full row exactly as wide as the window', () => {
    const all = ratios(80)
    for (const { indexes, height, full } of justify(all, frame)) {
      const width =
        indexes.reduce((sum, index) => sum + (all[index] ?? 0) * height, 0) +
        frame.gap * (indexes.length - 1)
      if (full) expect(width).toBeCloseTo(1000, 5)
      else expect(width).toBeLessThanOrEqual(1000)
    }
  })

  it('keeps row heights near what was asked for', () => {
    for (const { height } of justify(ratios(200), frame)) {
      expect(height).toBeGreaterThan(100)
      expect(height).toBeLessThan(320)
    }
  })

  it('does not stretch the one picture of a last row', () => {
    expect(justify([1], frame)).toEqual([{ indexes: [0], height: 200, full: false }])
  })

  it('survives ratios that no picture has', () => {
    const rows = justify([Number.NaN, 0, -1, 1e9, 1e-9], frame)
    expect(rows.flatMap(({ indexes }) => indexes)).toEqual([0, 1, 2, 3, 4])
    for (const { height } of rows) expect(height).toBeGreaterThan(0)
  })
})

describe('layOutBucket', () => {
  it('shows every picture once, and none above another', () => {
    const days = Array.from({ length: 90 }, (_, at) => {
      const day = String(28 - Math.floor(at / 4)).padStart(2, '0')
      return `2024-07-${day}T12:00:00`
    })
    const { days: blocks, height } = layOutBucket(ratios(90), days, frame, true)
    const boxes = blocks.flatMap(({ rows }) => rows.flat())
    expect(boxes.map(({ index }) => index)).toEqual([...Array(90).keys()])
    for (const [at, a] of boxes.entries()) {
      expect(a.left + a.width).toBeLessThanOrEqual(1000.01)
      expect(a.top + a.height).toBeLessThanOrEqual(height)
      for (const b of boxes.slice(at + 1)) {
        const apart =
          a.left + a.width <= b.left + 0.01 ||
          b.left + b.width <= a.left + 0.01 ||
          a.top + a.height <= b.top + 0.01 ||
          b.top + b.height <= a.top + 0.01
        expect(apart).toBe(true)
      }
    }
  })

  it('groups by the wall date as it stands, whatever zone the reader is in', () => {
    const moments = [
      '2024-07-03T23:59:59',
      '2024-07-03T00:00:00',
      '2024-07-02T23:59:59',
    ]
    const { days } = layOutBucket([1, 1, 1], moments, frame, false)
    expect(days.map(({ day }) => day)).toEqual(['2024-07-03', '2024-07-02'])
  })

  it('lets short days share a line', () => {
    const { days } = layOutBucket(
      [1, 1],
      ['2024-07-03T12:00:00', '2024-07-02T12:00:00'],
      frame,
      false,
    )
    expect(days[0]?.top).toBe(days[1]?.top)
    expect(days[1]?.left).toBeGreaterThan(days[0]?.width ?? 0)
  })
})

it('guesses heights that are right within a factor of two for full months', () => {
  const all = ratios(400)
  const days = all.map((_, at) => {
    const day = String(28 - Math.floor(at / 20)).padStart(2, '0')
    return `2024-07-${day}T12:00:00`
  })
  const real = layOutBucket(all, days, frame, true).height
  const sum = all.reduce((total, ratio) => total + ratio, 0)
  const guess = estimateHeight(400, sum, frame, true)
  expect(guess / real).toBeGreaterThan(0.5)
  expect(guess / real).toBeLessThan(2)
})
