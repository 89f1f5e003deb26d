// Keeps layout coordinates apart from what a browser can scroll.

/**
 * Browsers cap a scroll box near 16.7 million pixels, which 355,000 pictures exceed.
 * The DOM scrolls through at most this many; layout goes on as far as it needs.
 */
const MOST_PIXELS = 15_000_000

/** Where we are: `top` in layout pixels, `scrollTop` in the DOM's. */
export type Position = { top: number; scrollTop: number }

/** The two lengths and the window between which a position is translated. */
export type Space = { layoutHeight: number; scrollHeight: number; viewport: number }

export const scrollSpace = (
  layoutHeight: number,
  viewport: number,
  pixelRatio: number,
): Space => ({
  layoutHeight,
  viewport,
  scrollHeight: Math.max(
    viewport,
    Math.min(layoutHeight, Math.floor(MOST_PIXELS / Math.max(1, pixelRatio))),
  ),
})

export const clampTop = (top: number, { layoutHeight, viewport }: Space) =>
  Math.min(Math.max(0, top), Math.max(0, layoutHeight - viewport))

const range = (height: number, viewport: number) => Math.max(0, height - viewport)

/** The DOM position that stands for a layout position. */
export function scrollTopFor(top: number, space: Space): number {
  const layout = range(space.layoutHeight, space.viewport)
  const dom = range(space.scrollHeight, space.viewport)
  if (layout === dom || layout === 0) return Math.min(top, dom)
  return (clampTop(top, space) / layout) * dom
}

/** The layout position that a DOM position stands for. */
export function topFor(scrollTop: number, space: Space): number {
  const layout = range(space.layoutHeight, space.viewport)
  const dom = range(space.scrollHeight, space.viewport)
  if (layout === dom || dom === 0) return clampTop(scrollTop, space)
  return clampTop((scrollTop / dom) * layout, space)
}

/**
 * The position after the DOM scrolled to `scrollTop`.
 *
 * A small step moves the layout by as many pixels, so wheels and fingers feel right at
 * any length. A jump (the scroll bar was dragged) goes to the same fraction.
 */
export function follow(position: Position, scrollTop: number, space: Space): Position {
  const step = scrollTop - position.scrollTop
  const jumped = Math.abs(step) > 4 * space.viewport
  const top = jumped ? topFor(scrollTop, space) : clampTop(position.top + step, space)
  return { top, scrollTop }
}

/** Whether the DOM is about to run out of room that the layout still has. */
export function nearAnEdge({ top, scrollTop }: Position, space: Space): boolean {
  const dom = range(space.scrollHeight, space.viewport)
  const ideal = scrollTopFor(top, space)
  if (Math.abs(ideal - scrollTop) < 1) return false
  return scrollTop < space.viewport || scrollTop > dom - space.viewport
}
