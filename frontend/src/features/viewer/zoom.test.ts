// Zooming keeps the spot under the pointer, and never shows past an edge.
import { expect, it } from 'vitest'
import { FITTED, fitInto, keepInside, mostScale, needsOriginal, zoomAt } from './zoom'

const stage = { width: 1000, height: 800 }
const fitted = fitInto(stage, 1.5)

it('fits the longer side and does not blow up small pictures', () => {
  expect(fitted.width).toBe(1000)
  expect(fitInto(stage, 0.5)).toEqual({ width: 400, height: 800 })
  expect(fitInto(stage, 1, { width: 64, height: 64 })).toEqual({
    width: 64,
    height: 64,
  })
})

it('keeps what is under the pointer in place', () => {
  const point = { x: 120, y: -60 }
  const view = zoomAt(FITTED, 3, point, fitted, stage, 8)
  expect((point.x - view.x) / view.scale).toBeCloseTo(120)
  expect((point.y - view.y) / view.scale).toBeCloseTo(-60)
})

it('stops at its limits and comes back to the middle', () => {
  const most = mostScale(fitted, { width: 6000, height: 4000 })
  expect(most).toBe(12)
  const near = zoomAt(FITTED, 1e6, { x: 300, y: 0 }, fitted, stage, most)
  expect(near.scale).toBe(12)
  expect(zoomAt(near, 1e-6, { x: 0, y: 0 }, fitted, stage, most)).toEqual(FITTED)
})

it('does not pan past an edge', () => {
  const view = keepInside({ scale: 2, x: 9_999, y: -9_999 }, fitted, stage)
  expect(view.x).toBe(500)
  expect(view.y).toBeCloseTo(-(fitted.height - 400))
})

it('asks for the original only when the preview is too coarse', () => {
  expect(needsOriginal(fitted, 1, 2, 2048)).toBe(false)
  expect(needsOriginal(fitted, 2, 2, 2048)).toBe(true)
})
