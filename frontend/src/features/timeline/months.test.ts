// The scrubber names the month that is under the pointer.
import { expect, it } from 'vitest'
import { randomFrom } from '@/testing/drawn-library'
import { monthAt, monthMarks, yearTicks } from './months'

const buckets = Array.from({ length: 240 }, (_, at) => {
  const year = 2024 - Math.floor(at / 12)
  const month = `${year}-${String(12 - (at % 12)).padStart(2, '0')}`
  return { bucket: `${month}`, month, count: 10, ratio_sum: 14 }
})
const placed = buckets.map(({ bucket }, at) => ({ bucket, top: at * 500, height: 500 }))
const marks = monthMarks(buckets, placed)

it('finds the month of any position, twenty times at random', () => {
  const random = randomFrom(3)
  for (let time = 0; time < 20; time++) {
    const at = Math.floor(random() * 240)
    expect(monthAt(marks, at * 500)?.month).toBe(buckets[at]?.month)
    expect(monthAt(marks, at * 500 + 400)?.month).toBe(buckets[at]?.month)
  }
})

it('gives a month of several buckets one mark, where it starts', () => {
  const split = [
    { bucket: '2024-07', month: '2024-07', count: 500, ratio_sum: 700 },
    { bucket: '2024-07.b', month: '2024-07', count: 100, ratio_sum: 140 },
    { bucket: '2024-06', month: '2024-06', count: 10, ratio_sum: 14 },
  ]
  const found = monthMarks(split, placed.slice(0, 3))
  expect(found.map(({ month, top }) => [month, top])).toEqual([
    ['2024-07', 0],
    ['2024-06', 1000],
  ])
})

it('keeps the labels of years apart', () => {
  const labels = yearTicks(marks, 200, 120_000).filter(({ label }) => label)
  for (const [at, { y }] of labels.slice(1).entries()) {
    expect(y - (labels[at]?.y ?? 0)).toBeGreaterThanOrEqual(22)
  }
})
