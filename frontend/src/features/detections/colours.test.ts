// Objects are told apart by colour, and say what they are by time.
import { expect, it } from 'vitest'
import type { Detection } from '@/api/types'
import { colourOf, pixelOf } from './colours'
import { byTime } from './texts'

it('neighbours never share a colour, and a colour is a pixel of its bytes', () => {
  expect(new Set([...Array(8).keys()].map(colourOf)).size).toBe(8)
  expect(colourOf(9)).toBe(colourOf(1))
  expect([...new Uint8Array(Uint32Array.of(pixelOf('#4cc9f0')).buffer)]).toEqual([
    0x4c, 0xc9, 0xf0, 0xff,
  ])
})

it('objects of a video are listed by time, the same ones once', () => {
  const seen = (name: string, time_offset: number, score: number) =>
    ({ name, time_offset, score }) as Detection
  expect(
    byTime([seen('dog', 4, 0.9), seen('cat', 1, 0.8), seen('dog', 4, 0.7)]),
  ).toEqual([
    { at: 1, found: [{ name: 'cat', score: 0.8, count: 1 }] },
    { at: 4, found: [{ name: 'dog', score: 0.9, count: 2 }] },
  ])
})
