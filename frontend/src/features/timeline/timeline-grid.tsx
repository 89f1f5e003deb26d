// The virtualised grid: draws only what is near the window, whatever the library's size.
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import {
  type KeyboardEvent,
  type MouseEvent,
  useCallback,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react'
import type { BucketSummary } from '@/api/types'
import { ErrorState } from '@/components/ui/states'
import { type Filters, writeFilters } from '@/features/filters/filters'
import { monthName } from '@/lib/dates'
import { boxOf, bucketAt, type PlacedBucket } from './anchor'
import { BucketView } from './bucket-view'
import { spotAfterKey } from './grid-keys'
import { MONTH_HEADER } from './justify'
import { type MonthMark, monthAt, monthMarks } from './months'
import { rememberAnchor, rememberedAnchor } from './remembered-anchor'
import { Scrubber } from './scrubber'
import { locate, type Spot, spotOf } from './sequence'
import { useFrame } from './use-frame'
import { startsMonth, usePlacedBuckets } from './use-placed-buckets'
import { useSize } from './use-size'
import { useVirtualScroll } from './use-virtual-scroll'

const BUFFER = 800
const SCRUB_DEBOUNCE_MS = 100
const REVEAL_MARGIN = 72

type Props = { filters: Filters; buckets: BucketSummary[]; imageId?: string }

export function TimelineGrid({ filters, buckets, imageId }: Props) {
  const client = useQueryClient()
  const navigate = useNavigate()
  const query = writeFilters(filters)
  const frameBox = useRef<HTMLDivElement>(null)
  const { width, height: viewport } = useSize(frameBox)
  const frame = useFrame(width)
  const [wanted, setWanted] = useState<readonly number[]>([0])
  const [active, setActive] = useState<Spot>({ bucket: 0, index: 0 })
  const [scrubbing, setScrubbing] = useState(false)
  const [moving, setMoving] = useState(false)
  const goal = useRef<{ spot: Spot; focus: boolean }>(undefined)

  const { placed, loaded, failed } = usePlacedBuckets(filters, buckets, wanted, frame)
  const start = useMemo(() => rememberedAnchor(query), [query])
  const scroll = useVirtualScroll(placed, viewport, start)
  const { scroller, view, space, jump, topNow, anchorNow } = scroll
  const months = useMemo(() => monthMarks(buckets, placed), [buckets, placed])

  const from = view.top - BUFFER
  const to = view.top + viewport + BUFFER
  const near = useMemo(() => bucketsBetween(placed, from, to), [placed, from, to])

  useEffect(() => {
    const request = () =>
      setWanted((before) => (String(before) === String(near) ? before : near))
    if (!scrubbing) return request()
    const timer = setTimeout(request, SCRUB_DEBOUNCE_MS)
    return () => clearTimeout(timer)
  }, [near, scrubbing])

  useEffect(() => () => rememberAnchor(query, anchorNow()), [query, anchorNow])

  // biome-ignore lint/correctness/useExhaustiveDependencies: every step of the window shows the label again
  useEffect(() => {
    setMoving(true)
    const timer = setTimeout(() => setMoving(false), 900)
    return () => clearTimeout(timer)
  }, [view.top])

  /** Brings a picture into view, moving as little as possible. */
  const reveal = useCallback(
    ({ bucket, index }: Spot): boolean => {
      const target = placed[bucket]
      const box = target && boxOf(target, index)
      if (!target || !box) {
        if (target) jump(target.top, { bucket: target.bucket, fraction: 0 })
        return false
      }
      const y = target.top + box.top
      const top = topNow()
      if (y - REVEAL_MARGIN < top) jump(y - REVEAL_MARGIN)
      else if (y + box.height + 16 > top + viewport)
        jump(y + box.height + 16 - viewport)
      return true
    },
    [placed, viewport, jump, topNow],
  )

  const pursue = useCallback(() => {
    if (!goal.current || viewport === 0 || !reveal(goal.current.spot)) return
    const { spot, focus } = goal.current
    const link = scroller.current?.querySelector<HTMLElement>(
      `[data-spot="${spot.bucket}:${spot.index}"]`,
    )
    if (!focus) goal.current = undefined
    else if (link) {
      link.focus({ preventScroll: true })
      goal.current = undefined
    }
  }, [reveal, viewport, scroller])

  useLayoutEffect(pursue)

  // Follow the viewer, so that closing it lands on the picture it showed last.
  useEffect(() => {
    if (!imageId) return
    let abandoned = false
    locate({ client, filters, buckets }, imageId).then(
      (spot) => {
        if (abandoned || !spot) return
        goal.current = { spot, focus: false }
        setActive(spot)
        pursue()
      },
      () => undefined, // The viewer itself says that the image could not be loaded.
    )
    return () => {
      abandoned = true
    }
  }, [imageId, client, filters, buckets, pursue])

  const wasOpen = useRef(false)
  useEffect(() => {
    if (wasOpen.current && !imageId) {
      goal.current = { spot: active, focus: true }
      pursue()
    }
    wasOpen.current = Boolean(imageId)
  }, [imageId, active, pursue])

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return
    const here = spotOf(event.target)
    if (!here) return
    const counts = buckets.map(({ count }) => count)
    const spot = spotAfterKey(event.key, here, placed, counts)
    if (!spot) return
    event.preventDefault()
    goal.current = { spot, focus: true }
    setActive(spot)
    pursue()
  }

  const onClick = (event: MouseEvent) => {
    const link = (event.target as HTMLElement).closest<HTMLElement>('[data-image]')
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey || event.button)
      return
    event.preventDefault()
    navigate({
      to: '/images/$imageId',
      params: { imageId: link.dataset.image ?? '' },
      search: filters,
      state: { fromGrid: true },
    })
  }

  /** Whoever scrolls by hand is not led elsewhere. */
  const giveUp = () => {
    goal.current = undefined
  }
  const onMonth = ({ bucket, top }: MonthMark) => {
    giveUp()
    jump(top, { bucket, fraction: 0 })
  }
  const tabStop = rovingSpot(active, near, placed, topNow(), from, to)
  const month = monthAt(months, view.top)
  const belowHeading = month && view.top > month.top + MONTH_HEADER

  return (
    <div className="relative h-full">
      <div
        ref={scroller}
        data-testid="timeline"
        tabIndex={loaded.size === 0 ? 0 : undefined} // nothing in it can be reached yet
        data-layout-top={Math.round(view.top)}
        onScroll={scroll.onScroll}
        onWheel={giveUp}
        onTouchMove={giveUp}
        className="timeline-scroller h-full overflow-x-hidden overflow-y-auto px-3 sm:pr-14 sm:pl-6"
      >
        <div
          ref={frameBox}
          className="pointer-events-none absolute inset-y-0 inset-x-3 sm:right-14 sm:left-6"
        />
        {/* biome-ignore lint/a11y/noStaticElementInteractions: one listener for thousands of links */}
        <div
          className="relative w-full overflow-hidden"
          style={{ height: space.scrollHeight }}
          onKeyDown={onKeyDown}
          onClick={onClick}
          onFocus={(event) => {
            const spot = spotOf(event.target)
            if (spot) setActive(spot)
          }}
        >
          {width > 0 &&
            near.map((at) => {
              const bucket = placed[at]
              const summary = buckets[at]
              if (!bucket || !summary) return null
              return (
                <BucketView
                  key={bucket.bucket}
                  placed={bucket}
                  at={at}
                  columns={bucket.layout && loaded.get(bucket.bucket)?.columns}
                  month={startsMonth(buckets, at) ? summary.month : undefined}
                  offset={view.offset}
                  from={from}
                  to={to}
                  query={query}
                  tabStop={tabStop?.bucket === at ? tabStop.index : undefined}
                />
              )
            })}
        </div>
      </div>
      {belowHeading && (
        <div
          aria-hidden="true"
          className={`pointer-events-none absolute top-3 left-1/2 z-10 -translate-x-1/2 rounded-full border border-line bg-raised/90 px-3.5 py-1 text-[13px] font-medium shadow-sm backdrop-blur transition-opacity duration-300 ${
            moving ? 'opacity-100' : 'opacity-0'
          }`}
        >
          {monthName(month.month)}
        </div>
      )}
      {failed && (
        <div className="absolute inset-x-0 bottom-4 z-30 mx-auto w-fit">
          <ErrorState
            compact
            title="Some pictures could not be loaded"
            error={failed.error}
            onRetry={() => failed.refetch()}
          />
        </div>
      )}
      {space.layoutHeight > viewport * 1.5 && (
        <Scrubber
          months={months}
          height={Math.max(1, viewport - 16)}
          layoutHeight={space.layoutHeight}
          top={view.top}
          moving={moving}
          onMonth={onMonth}
          onDrag={(top, done) => {
            giveUp()
            setScrubbing(!done)
            jump(top)
          }}
        />
      )}
    </div>
  )
}

function bucketsBetween(placed: readonly PlacedBucket[], from: number, to: number) {
  const found: number[] = []
  for (let at = bucketAt(placed, from); at < placed.length; at++) {
    if ((placed[at]?.top ?? 0) > to) break
    found.push(at)
  }
  return found
}

/** The one picture that Tab stops at: the active one, or the first in the window. */
function rovingSpot(
  active: Spot,
  near: readonly number[],
  placed: readonly PlacedBucket[],
  top: number,
  from: number,
  to: number,
): Spot | undefined {
  const own = placed[active.bucket]
  const box = own && boxOf(own, active.index)
  if (own && box && own.top + box.top > from && own.top + box.top < to) return active
  for (const at of near) {
    const bucket = placed[at]
    for (const { rows } of bucket?.layout?.days ?? []) {
      for (const row of rows) {
        const first = row[0]
        if (bucket && first && bucket.top + first.top >= top) {
          return { bucket: at, index: first.index }
        }
      }
    }
  }
  return undefined
}
