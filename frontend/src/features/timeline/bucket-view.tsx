// One bucket of the timeline: its month, its days, and the rows that are near the window.
import type { Bucket } from '@/api/types'
import { fullDate, monthName, shortDay } from '@/lib/dates'
import type { PlacedBucket } from './anchor'
import { DAY_HEADER, MONTH_HEADER } from './justify'
import { Tile } from './tile'

type Props = {
  placed: PlacedBucket
  at: number
  columns: Bucket | undefined
  month: string | undefined
  /** Added to layout positions to draw them in the scroll box. */
  offset: number
  /** What is drawn, in layout pixels. */
  from: number
  to: number
  query: string
  tabStop: number | undefined
}

export function BucketView(props: Props) {
  const { placed, at, columns, month, offset, from, to, query, tabStop } = props
  const search = query && `?${query}`
  const within = (top: number, height: number) =>
    placed.top + top + height >= from && placed.top + top <= to

  return (
    <section
      className="absolute inset-x-0 top-0"
      style={{
        height: placed.height,
        transform: `translateY(${placed.top + offset}px)`,
      }}
    >
      {month && (
        <h2
          className="flex items-end pb-1 text-[22px] font-semibold tracking-tight"
          style={{ height: MONTH_HEADER }}
        >
          {monthName(month)}
        </h2>
      )}
      {!columns && <Skeleton top={month ? MONTH_HEADER : 0} />}
      {columns &&
        placed.layout?.days.map((day) => {
          const last = day.rows.at(-1)?.[0]
          const height = last ? last.top + last.height - day.top : DAY_HEADER
          if (!within(day.top, height)) return null
          const key = `${day.day}-${day.rows[0]?.[0]?.index}`
          return (
            <div key={key}>
              <h3
                title={fullDate(day.day)}
                className="absolute flex items-end truncate pb-2 text-[13px] font-medium text-soft"
                style={{
                  left: day.left,
                  top: day.top,
                  width: day.width,
                  height: DAY_HEADER,
                }}
              >
                <time dateTime={day.day}>{shortDay(day.day)}</time>
              </h3>
              {/* biome-ignore lint/a11y/useSemanticElements: a justified layout is no table */}
              <div
                role="grid"
                aria-label={fullDate(day.day)}
                aria-rowcount={day.rows.length}
              >
                {day.rows.map((row, rowAt) => {
                  const first = row[0]
                  if (!first || !within(first.top, first.height)) return null
                  return (
                    // biome-ignore lint/a11y/useSemanticElements: a justified layout is no table
                    // biome-ignore lint/a11y/useFocusableInteractive: its cells' links are
                    <div key={first.index} role="row" aria-rowindex={rowAt + 1}>
                      {row.map((box, column) => (
                        <Tile
                          key={columns.image_id[box.index]}
                          columns={columns}
                          bucket={at}
                          box={box}
                          top={box.top}
                          row={rowAt}
                          column={column}
                          href={`/images/${columns.image_id[box.index]}${search}`}
                          tabStop={tabStop === box.index}
                        />
                      ))}
                    </div>
                  )
                })}
              </div>
            </div>
          )
        })}
    </section>
  )
}

/** A quiet stand-in until the bucket's pictures are known. */
const Skeleton = ({ top }: { top: number }) => (
  <div
    className="absolute inset-x-0 bottom-5 rounded-sm bg-sunken/60"
    style={{ top: top + DAY_HEADER }}
  />
)
