// A part that is drawn stays inside its picture, whatever the hand does.
import { describe, expect, it } from 'vitest'
import { between, grip, grown, moved, type Part } from './part'

const part: Part = { x: 0.25, y: 0.25, width: 0.5, height: 0.5 }
const reach = { x: 0.05, y: 0.05 }

describe('a part of a picture', () => {
  it('lies between two corners, whichever comes first', () => {
    expect(between({ x: 0.75, y: 0.25 }, { x: 0.25, y: 0.75 })).toEqual(part)
  })

  it('is never outside and never nothing', () => {
    for (const [from, to] of [
      [
        { x: 1, y: 1 },
        { x: 1, y: 1 },
      ],
      [
        { x: -3, y: 0.5 },
        { x: 7, y: 0.5 },
      ],
    ] as const) {
      const { x, y, width, height } = between(from, to)
      expect(Math.min(x, y)).toBeGreaterThanOrEqual(0)
      expect(Math.max(x + width, y + height)).toBeLessThanOrEqual(1)
      expect(Math.min(width, height)).toBeGreaterThan(0.03)
    }
    expect(moved(part, 9, -9)).toEqual({ ...part, x: 0.5, y: 0 })
    expect(grown(part, 9, -9).width).toBe(0.75)
    expect(grown(part, 9, -9).height).toBeGreaterThan(0.03)
  })

  it('is pulled by a corner, moved by its inside, and begins anew elsewhere', () => {
    const to = { x: 0.5, y: 0.5 }
    expect(grip(part, { x: 0.26, y: 0.74 }, reach)(to)).toEqual({
      x: 0.5,
      y: 0.25,
      width: 0.25,
      height: 0.25,
    })
    expect(grip(part, { x: 0.4, y: 0.4 }, reach)(to)).toMatchObject({
      width: 0.5,
      height: 0.5,
    })
    expect(grip(part, { x: 0.1, y: 0.1 }, reach)(to)).toMatchObject({ x: 0.1, y: 0.1 })
  })
})
