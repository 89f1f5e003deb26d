// One picture of a grid: a link to its viewer.
import { memo, type ReactNode, useState } from 'react'
import { type ThumbnailSize, thumbnailUrl } from '@/api/addresses'
import type { Bucket } from '@/api/types'
import { IconPlay, IconStack } from '@/components/ui/icons'
import { longDate, wallTime } from '@/lib/dates'
import { playingTime } from '@/lib/format'
import type { Box } from './justify'
import { ThumbhashCanvas } from './thumbhash-canvas'

type Props = {
  columns: Bucket
  bucket: number
  box: Box
  top: number
  /** Where its viewer is. */
  href: string
  tabStop: boolean
  /** Why it is here, for those who do not see it. */
  note?: string
  /** What lies over the picture. */
  children?: ReactNode
  row: number
  column: number
}

const smallest = (longEdge: number): ThumbnailSize => (longEdge <= 300 ? 256 : 512)

export const Tile = memo(function Tile(props: Props) {
  const { columns, bucket, box, top, href, tabStop, note, children } = props
  const { index } = box
  const [state, setState] = useState<'loading' | 'shown' | 'missing'>('loading')
  const id = columns.image_id[index] ?? ''
  const takenAt = columns.taken_at[index] ?? ''
  const video = columns.kind[index] === 'video'
  const duration = columns.duration[index]
  const stack = columns.stack_size[index] ?? 1
  const longEdge =
    Math.max(box.width, box.height) * Math.min(2, globalThis.devicePixelRatio ?? 1)

  const label = [
    video ? 'Video' : 'Photo',
    takenAt && longDate(takenAt),
    takenAt && wallTime(takenAt),
    video && duration != null && playingTime(duration),
    stack > 1 && `${stack} files`,
    note,
  ]

  return (
    // biome-ignore lint/a11y/useSemanticElements: rows of a justified layout are no table
    // biome-ignore lint/a11y/useFocusableInteractive: its link is
    <div
      role="gridcell"
      aria-colindex={props.column + 1}
      className="absolute"
      style={{ left: box.left, top, width: box.width, height: box.height }}
    >
      <a
        href={href}
        data-spot={`${bucket}:${index}`}
        data-image={id}
        tabIndex={tabStop ? 0 : -1}
        aria-label={label.filter(Boolean).join(', ')}
        draggable={false}
        className="group relative block h-full w-full overflow-hidden bg-sunken outline-offset-[-3px] focus-visible:z-10 focus-visible:outline-3"
      >
        {state !== 'shown' && (
          <ThumbhashCanvas
            hash={columns.thumbhash[index]}
            className="absolute inset-0 h-full w-full"
          />
        )}
        {state !== 'missing' && (
          <img
            src={thumbnailUrl(columns.content_id[index] ?? '', smallest(longEdge))}
            alt=""
            decoding="async"
            draggable={false}
            onLoad={() => setState('shown')}
            onError={() => setState('missing')}
            className={`absolute inset-0 h-full w-full object-cover transition-opacity duration-150 ${
              state === 'shown' ? 'opacity-100' : 'opacity-0'
            }`}
          />
        )}
        <span className="pointer-events-none absolute inset-0 bg-black opacity-0 transition-opacity duration-150 group-hover:opacity-10" />
        {(video || stack > 1) && (
          <span className="pointer-events-none absolute top-1.5 right-1.5 flex items-center gap-1 rounded-full bg-black/55 px-1.5 py-0.5 text-[11px] font-medium text-white tabular-nums">
            {stack > 1 && (
              <>
                <IconStack className="size-3" />
                {stack}
              </>
            )}
            {video && duration != null && playingTime(duration)}
            {video && <IconPlay className="size-3" />}
          </span>
        )}
        {state === 'missing' && (
          <span className="absolute inset-x-0 bottom-1.5 text-center text-[11px] text-soft">
            No thumbnail
          </span>
        )}
        {children}
      </a>
    </div>
  )
})
