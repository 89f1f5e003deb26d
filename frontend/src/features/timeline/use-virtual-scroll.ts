// Follows a scroll box in layout pixels, holding what the reader looks at in place.
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { flushSync } from 'react-dom'
import { type Anchor, anchorAt, type PlacedBucket, topOfAnchor } from './anchor'
import {
  clampTop,
  follow,
  nearAnEdge,
  type Position,
  scrollSpace,
  scrollTopFor,
} from './scroll-space'

/** The window only moves in steps this large, so most scroll events render nothing. */
const STEP = 200
const REST_MS = 150

type View = { top: number; offset: number }

/**
 * The window onto `placed` buckets.
 *
 * `top` is the window's place in layout pixels, in steps of 200 px; `offset` is what to add
 * to a layout position to draw it in the scroll box, which stays below the browser's cap.
 */
export function useVirtualScroll(
  placed: readonly PlacedBucket[],
  viewport: number,
  startAt?: Anchor,
) {
  const scroller = useRef<HTMLDivElement>(null)
  const position = useRef<Position>({ top: 0, scrollTop: 0 })
  const anchor = useRef<Anchor | undefined>(startAt)
  const rest = useRef<ReturnType<typeof setTimeout>>(undefined)
  const [view, setView] = useState<View>({ top: 0, offset: 0 })

  const last = placed.at(-1)
  const layoutHeight = last ? last.top + last.height : 0
  const space = scrollSpace(layoutHeight, viewport, globalThis.devicePixelRatio ?? 1)
  const current = useRef({ placed, space })
  current.current = { placed, space }

  const show = useCallback(() => {
    const { top, scrollTop } = position.current
    const next = { top: Math.round(top / STEP) * STEP, offset: scrollTop - top }
    setView((view) =>
      view.top === next.top && Math.abs(view.offset - next.offset) < 0.01 ? view : next,
    )
  }, [])

  /** Moves the DOM to where the layout is, which changes nothing that is seen. */
  const commitScroll = useCallback(() => {
    const box = scroller.current
    if (!box) return
    const ideal = scrollTopFor(position.current.top, current.current.space)
    if (Math.abs(ideal - box.scrollTop) >= 1) box.scrollTop = ideal
    position.current = { top: position.current.top, scrollTop: box.scrollTop }
  }, [])

  const jump = useCallback(
    (top: number, hold?: Anchor) => {
      position.current.top = clampTop(top, current.current.space)
      anchor.current = hold ?? anchorAt(current.current.placed, position.current.top)
      commitScroll()
      show()
    },
    [commitScroll, show],
  )

  const onScroll = useCallback(() => {
    const box = scroller.current
    if (!box || Math.abs(box.scrollTop - position.current.scrollTop) < 0.5) return
    const { placed, space } = current.current
    position.current = follow(position.current, box.scrollTop, space)
    const { top } = position.current
    anchor.current = top < 1 ? undefined : anchorAt(placed, top)
    if (nearAnEdge(position.current, space)) commitScroll()
    flushSync(show)
    clearTimeout(rest.current)
    rest.current = setTimeout(() => {
      commitScroll()
      flushSync(show)
    }, REST_MS)
  }, [commitScroll, show])

  // A new layout: stay with what was at the window's top, before anything is painted.
  useLayoutEffect(() => {
    const box = scroller.current
    if (!box || placed.length === 0) return
    const held = anchor.current && topOfAnchor(placed, anchor.current)
    position.current = {
      top: clampTop(held ?? position.current.top, current.current.space),
      scrollTop: box.scrollTop,
    }
    commitScroll()
    show()
  }, [placed, commitScroll, show])

  useEffect(() => () => clearTimeout(rest.current), [])

  const topNow = useCallback(() => position.current.top, [])
  const anchorNow = useCallback(() => anchor.current, [])
  return { scroller, view, space, onScroll, jump, topNow, anchorNow }
}
