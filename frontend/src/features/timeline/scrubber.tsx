// The strip of years beside the timeline: shows where we are, and goes anywhere.
import { type KeyboardEvent, type PointerEvent, useRef, useState } from 'react'
import { monthName, shortMonthName } from '@/lib/dates'
import { fractionOfMonth, type MonthMark, monthAt, yearTicks } from './months'

type Props = {
  months: readonly MonthMark[]
  height: number
  layoutHeight: number
  /** The window's place, in layout pixels. */
  top: number
  moving: boolean
  onMonth: (month: MonthMark) => void
  onDrag: (top: number, done: boolean) => void
}

const DRAG_PX = 4

export function Scrubber(props: Props) {
  const { months, height, layoutHeight, top, moving, onMonth, onDrag } = props
  const [hover, setHover] = useState<number>()
  const press = useRef<{ y: number; dragging: boolean }>(undefined)
  const strip = useRef<HTMLDivElement>(null)
  if (months.length === 0) return null

  const toTop = (y: number) =>
    (Math.min(Math.max(y, 0), height) / height) * layoutHeight
  const here = monthAt(months, top)
  const hovered = hover === undefined ? undefined : monthAt(months, toTop(hover))
  const y = (event: PointerEvent) =>
    event.clientY - (strip.current?.getBoundingClientRect().top ?? 0)

  const onPointerDown = (event: PointerEvent<HTMLDivElement>) => {
    if (event.button !== 0) return
    event.currentTarget.setPointerCapture(event.pointerId)
    press.current = { y: y(event), dragging: false }
    setHover(y(event))
  }
  const onPointerMove = (event: PointerEvent<HTMLDivElement>) => {
    setHover(y(event))
    if (!press.current) return
    if (Math.abs(y(event) - press.current.y) > DRAG_PX) press.current.dragging = true
    if (press.current.dragging) onDrag(toTop(y(event)), false)
  }
  const onPointerUp = (event: PointerEvent<HTMLDivElement>) => {
    if (!press.current) return
    if (press.current.dragging) onDrag(toTop(y(event)), true)
    else {
      const month = monthAt(months, toTop(y(event)))
      if (month) onMonth(month)
    }
    press.current = undefined
    if (event.pointerType !== 'mouse') setHover(undefined)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const at = here ? months.indexOf(here) : 0
    const target = {
      ArrowDown: months[Math.min(at + 1, months.length - 1)],
      ArrowUp: months[Math.max(at - 1, 0)],
      PageDown: months[Math.min(at + 12, months.length - 1)],
      PageUp: months[Math.max(at - 12, 0)],
      Home: months[0],
      End: months.at(-1),
    }[event.key]
    if (!target) return
    event.preventDefault()
    onMonth(target)
  }

  return (
    <div
      ref={strip}
      role="slider"
      tabIndex={0}
      aria-label="Date"
      aria-orientation="vertical"
      aria-valuemin={0}
      aria-valuemax={months.length - 1}
      aria-valuenow={here ? months.indexOf(here) : 0}
      aria-valuetext={here && monthName(here.month)}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={onPointerUp}
      onPointerCancel={() => {
        press.current = undefined
        setHover(undefined)
      }}
      onPointerLeave={() => !press.current && setHover(undefined)}
      onKeyDown={onKeyDown}
      className="group absolute top-2 right-0 bottom-2 z-20 w-7 cursor-pointer touch-none select-none focus-visible:outline-offset-[-2px] sm:w-14"
    >
      {yearTicks(months, height, layoutHeight).map(({ year, y, label }) => (
        <span
          key={year}
          aria-hidden="true"
          className="pointer-events-none absolute right-2 flex -translate-y-1/2 items-center gap-1.5 text-[11px] text-soft tabular-nums max-sm:opacity-0 max-sm:transition-opacity max-sm:group-active:opacity-100 sm:right-3"
          style={{ top: y }}
        >
          {label ? year : <span className="size-1 rounded-full bg-line" />}
        </span>
      ))}
      <span
        aria-hidden="true"
        className={`pointer-events-none absolute right-0 h-0.5 w-5 -translate-y-1/2 rounded-full bg-accent transition-opacity sm:w-9 ${
          moving || hover !== undefined ? '' : 'max-sm:opacity-0'
        }`}
        style={{ top: fractionOfMonth(top, layoutHeight) * height }}
      />
      {hovered && (
        <span
          aria-hidden="true"
          className="pointer-events-none absolute right-8 -translate-y-1/2 rounded-lg border border-line bg-raised px-2.5 py-1 text-[13px] font-medium whitespace-nowrap shadow-sm sm:right-13"
          style={{ top: Math.min(Math.max(hover ?? 0, 14), height - 14) }}
        >
          {shortMonthName(hovered.month)}
        </span>
      )}
    </div>
  )
}
