// A library of any size scrolls from its newest picture to its oldest.
import { describe, expect, it } from 'vitest'
import { anchorAt, place, topOfAnchor } from './anchor'
import { estimateHeight, type Frame, layOutBucket } from './justify'
import {
  clampTop,
  follow,
  nearAnEdge,
  type Position,
  scrollSpace,
  scrollTopFor,
  topFor,
} from './scroll-space'

const phone: Frame = { width: 360, rowHeight: 120, gap: 2 }
const viewport = 700
const count = 355_000
const months = 400
const perMonth = Math.round(count / months)
const keys = Array.from({ length: months }, (_, at) => `bucket-${at}`)
const heights = keys.map(() => estimateHeight(perMonth, perMonth * 1.4, phone, true))
const placed = place(keys, heights, new Map())
const layoutHeight = (placed.at(-1)?.top ?? 0) + (placed.at(-1)?.height ?? 0)

describe('355,000 pictures on a phone', () => {
  const space = scrollSpace(layoutHeight, viewport, 3)

  it('need more room than a browser scrolls, and get less than its cap', () => {
    expect(layoutHeight).toBeGreaterThan(16_700_000)
    expect(space.scrollHeight).toBeLessThanOrEqual(5_000_000)
  })

  it('reach the very top and the very end', () => {
    expect(topFor(0, space)).toBe(0)
    expect(topFor(space.scrollHeight - viewport, space)).toBeCloseTo(
      layoutHeight - viewport,
    )
  })

  it('translate there and back within a pixel', () => {
    for (const fraction of [0, 0.1, 0.333, 0.5, 0.9, 1]) {
      const top = fraction * (layoutHeight - viewport)
      expect(topFor(scrollTopFor(top, space), space)).toBeCloseTo(top, 0)
    }
  })

  it('move by as many pixels as a finger does', () => {
    const before: Position = {
      top: 8_000_000,
      scrollTop: scrollTopFor(8_000_000, space),
    }
    const after = follow(before, before.scrollTop + 120, space)
    expect(after.top - before.top).toBe(120)
  })

  it('never run out of room: near an edge the DOM is moved to match', () => {
    const stuck: Position = { top: 900_000, scrollTop: 10 }
    expect(nearAnEdge(stuck, space)).toBe(true)
    expect(nearAnEdge({ top: 0, scrollTop: 0 }, space)).toBe(false)
  })

  it('follow a dragged scroll bar to the same fraction', () => {
    const middle = (space.scrollHeight - viewport) / 2
    const { top } = follow({ top: 0, scrollTop: 0 }, middle, space)
    expect(top).toBeCloseTo((layoutHeight - viewport) / 2)
  })
})

describe('a small library', () => {
  const space = scrollSpace(5_000, 800, 1)
  it('scrolls one to one', () => {
    expect(scrollTopFor(1234, space)).toBe(1234)
    expect(follow({ top: 0, scrollTop: 0 }, 4_000, space).top).toBe(4_000)
    expect(clampTop(9_999, space)).toBe(4_200)
  })
})

describe('heights that become known', () => {
  const layout = layOutBucket(
    Array.from({ length: 300 }, () => 1.4),
    Array.from({ length: 300 }, () => '2024-07-03T12:00:00'),
    phone,
    true,
  )

  it('above the window leave what is looked at where it is', () => {
    const known = place(keys, heights, new Map([['bucket-5', layout]]))
    const top = (known[5]?.top ?? 0) + 3_333
    const anchor = anchorAt(known, top)
    if (!anchor) throw new Error('there is an anchor everywhere')
    const grown = heights.map((height, at) => (at < 5 ? height + 1_000 : height))
    const moved = place(keys, grown, new Map([['bucket-5', layout]]))
    expect(topOfAnchor(moved, anchor)).toBeCloseTo(top + 5_000)
  })

  it('keep a month that was asked for at the top of the window', () => {
    const moved = place(keys, heights, new Map([['bucket-7', layout]]))
    const top = topOfAnchor(moved, { bucket: 'bucket-7', fraction: 0 })
    expect(top).toBe(moved[7]?.top)
  })

  it('say so when the bucket that was looked at is gone', () => {
    expect(topOfAnchor(placed, { bucket: 'gone', fraction: 0 })).toBeUndefined()
  })
})
