// A grid of results in bands: justified rows, one stop for Tab, arrows within.
import {
  type KeyboardEvent,
  type MouseEvent,
  type ReactNode,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react'
import type { Box } from '@/api/types'
import { place } from '@/features/detections/place'
import { spotAfterKey } from '@/features/timeline/grid-keys'
import { type Spot, spotOf } from '@/features/timeline/sequence'
import { Tile } from '@/features/timeline/tile'
import { useFrame } from '@/features/timeline/use-frame'
import { useSize } from '@/features/timeline/use-size'
import { BAND_HEADER, layOutBands } from './bands'
import { type Band, columnsOf, reasonOf } from './results'

type Props = {
  /** Names these results, so that coming back to them continues where one was. */
  name: string
  header: ReactNode
  footer?: ReactNode
  bands: readonly Band[]
  /** The picture that the viewer shows above. */
  shownId: string | undefined
  hrefOf: (imageId: string) => string
  onOpen: (imageId: string) => void
  busy?: boolean
  /** Whether the first result has the focus, as nothing else on the page can have it. */
  takesFocus?: boolean
}

/** How far each page of results was scrolled, in this page's life. */
const scrolled = new Map<string, number>()

export function ResultsGrid(props: Props) {
  const { name, header, footer, shownId, hrefOf, onOpen, busy, takesFocus } = props
  const scroller = useRef<HTMLDivElement>(null)
  const rows = useRef<HTMLDivElement>(null)
  const { width } = useSize(rows)
  const frame = useFrame(width)
  const [active, setActive] = useState<Spot>({ bucket: 0, index: 0 })

  const bands = useMemo(
    () => props.bands.filter(({ hits }) => hits.length > 0),
    [props.bands],
  )
  const columns = useMemo(() => bands.map(({ hits }) => columnsOf(hits)), [bands])
  const placed = useMemo(
    () =>
      layOutBands(
        bands.map(({ name, title, hits }) => ({
          name,
          headed: title !== undefined,
          ratios: hits.map(({ ratio }) => ratio),
        })),
        frame,
      ),
    [bands, frame],
  )
  const counts = bands.map(({ hits }) => hits.length)
  const last = placed.at(-1)
  const ready = width > 0

  useLayoutEffect(() => {
    if (ready && scroller.current) {
      scroller.current.scrollTop = scrolled.get(name) ?? 0
    }
  }, [name, ready])

  useEffect(() => {
    if (!ready || !takesFocus || document.activeElement !== document.body) return
    scroller.current
      ?.querySelector<HTMLElement>('[data-spot]')
      ?.focus({ preventScroll: true })
  }, [ready, takesFocus])

  const linkAt = ({ bucket, index }: Spot) =>
    scroller.current?.querySelector<HTMLElement>(`[data-spot="${bucket}:${index}"]`)

  // Follow the viewer, so that closing it lands on the picture it showed last.
  const shownBefore = useRef<string>(undefined)
  useEffect(() => {
    const id = shownId ?? shownBefore.current
    shownBefore.current = shownId
    if (!id || !ready) return
    const bucket = columns.findIndex(({ image_id }) => image_id.includes(id))
    const index = columns[bucket]?.image_id.indexOf(id) ?? -1
    if (index < 0) return
    const held = { bucket, index }
    setActive((active) =>
      columns[active.bucket]?.image_id[active.index] === id ? active : held,
    )
    const link = scroller.current?.querySelector<HTMLElement>(`[data-image="${id}"]`)
    link?.scrollIntoView?.({ block: 'nearest' })
    if (!shownId) link?.focus({ preventScroll: true })
  }, [shownId, columns, ready])

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return
    const here = spotOf(event.target)
    const spot = here && spotAfterKey(event.key, here, placed, counts)
    if (!spot) return
    event.preventDefault()
    linkAt(spot)?.focus()
  }

  const onClick = (event: MouseEvent) => {
    const link = (event.target as HTMLElement).closest<HTMLElement>('[data-image]')
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey || event.button)
      return
    event.preventDefault()
    onOpen(link.dataset.image ?? '')
  }

  const stop =
    active.index < (counts[active.bucket] ?? 0) ? active : { bucket: 0, index: 0 }
  return (
    <div
      ref={scroller}
      data-testid="results"
      aria-busy={busy}
      onScroll={({ currentTarget }) => scrolled.set(name, currentTarget.scrollTop)}
      className="h-full overflow-x-hidden overflow-y-auto px-3 pb-16 sm:px-6"
    >
      {header}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: one listener for all links */}
      <div
        ref={rows}
        className={`relative transition-opacity duration-150 ${busy ? 'opacity-60' : ''}`}
        style={{ height: last && last.top + last.height }}
        onKeyDown={onKeyDown}
        onClick={onClick}
        onFocus={(event) => {
          const spot = spotOf(event.target)
          if (spot) setActive(spot)
        }}
      >
        {ready &&
          bands.map((band, at) => {
            const spread = placed[at]
            const hits = columns[at]
            if (!spread?.layout || !hits) return null
            return (
              <section
                key={band.name}
                aria-label={band.title ?? band.name}
                className="absolute inset-x-0"
                style={{ top: spread.top, height: spread.height }}
              >
                {band.title && <BandHeading title={band.title} lead={band.lead} />}
                {/* biome-ignore lint/a11y/useSemanticElements: a justified layout is no table */}
                <div role="grid" aria-label={band.title ?? band.name}>
                  {spread.layout.days[0]?.rows.map((row, rowAt) => (
                    // biome-ignore lint/a11y/useSemanticElements: a justified layout is no table
                    // biome-ignore lint/a11y/useFocusableInteractive: its cells' links are
                    <div key={row[0]?.index} role="row" aria-rowindex={rowAt + 1}>
                      {row.map((box, column) => {
                        const hit = band.hits[box.index]
                        if (!hit) return null
                        const reason = reasonOf(hit)
                        return (
                          <Tile
                            key={
                              'detection_id' in hit ? hit.detection_id : hit.image_id
                            }
                            columns={hits}
                            bucket={at}
                            box={box}
                            top={box.top}
                            row={rowAt}
                            column={column}
                            href={hrefOf(hit.image_id)}
                            tabStop={stop.bucket === at && stop.index === box.index}
                            note={reason}
                          >
                            {'box' in hit && <Outline box={hit.box} />}
                            <span className="pointer-events-none absolute inset-x-0 bottom-0 truncate bg-black/65 px-2 py-1 text-[11px] text-white opacity-0 transition-opacity duration-150 group-hover:opacity-100 group-focus-visible:opacity-100">
                              {reason}
                            </span>
                          </Tile>
                        )
                      })}
                    </div>
                  ))}
                </div>
              </section>
            )
          })}
      </div>
      {footer && <div className="pt-6 text-center">{footer}</div>}
    </div>
  )
}

const BandHeading = ({ title, lead }: { title: string; lead?: string }) => (
  <div className="flex items-end gap-3 pb-3" style={{ height: BAND_HEADER }}>
    <h2 className="text-[15px] font-semibold">{title}</h2>
    {lead && <p className="truncate text-[13px] text-soft">{lead}</p>}
    <span aria-hidden="true" className="mb-2 h-px min-w-4 flex-1 bg-line" />
  </div>
)

/** Where in the picture the object is. */
const Outline = ({ box }: { box: Box }) => (
  <span
    className="pointer-events-none absolute rounded-sm border-2 border-white/90 shadow-[0_0_0_1px_rgb(0_0_0/0.5)]"
    style={place(box)}
  />
)
