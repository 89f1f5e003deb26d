// One image, as large as the window: its own address, keys, zoom and information.
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useRouter, useRouterState } from '@tanstack/react-router'
import { useCallback, useEffect, useRef, useState } from 'react'
import { originalUrl } from '@/api/addresses'
import type { ImageDetail } from '@/api/types'
import { IconButton } from '@/components/ui/button'
import {
  IconBack,
  IconDownload,
  IconInfo,
  IconLeft,
  IconRight,
  IconZoomIn,
  IconZoomOut,
} from '@/components/ui/icons'
import { ErrorState } from '@/components/ui/states'
import type { Filters } from '@/features/filters/filters'
import type { Glimpse } from '@/features/timeline/sequence'
import { fullDate, longDate, wallTime } from '@/lib/dates'
import { count } from '@/lib/format'
import { visible } from '@/lib/quoted-path'
import { InfoPanel } from './info-panel'
import { imageQuery } from './queries'
import { Stage, type StageHandle } from './stage'
import { useNeighbours } from './use-neighbours'
import { VideoStage } from './video-stage'

const SHOWN_BY_BROWSERS = new Set(['jpeg', 'png', 'webp', 'gif', 'avif', 'bmp'])
const ZOOM_STEP = 1.5

export function Viewer({ imageId, filters }: { imageId: string; filters: Filters }) {
  const router = useRouter()
  const navigate = useNavigate()
  const fromTimeline = useRouterState({
    select: ({ location }) => location.state.fromTimeline,
  })
  const dialog = useRef<HTMLDialogElement>(null)
  const stage = useRef<StageHandle>(null)
  const [informed, setInformed] = useState(false)
  const image = useQuery(imageQuery(imageId))
  const neighbours = useNeighbours(imageId, filters)
  const current = neighbours.current ?? (image.data && glimpseOf(image.data))
  const { newer, older, number, total } = neighbours

  const close = useCallback(() => {
    if (fromTimeline) router.history.back()
    else navigate({ to: '/', search: filters })
  }, [fromTimeline, router, navigate, filters])

  const step = useCallback(
    (direction: -1 | 1) => {
      const target = direction === 1 ? older : newer
      if (!target) return
      navigate({
        to: '/images/$imageId',
        params: { imageId: target.image_id },
        search: filters,
        replace: true,
        state: { fromTimeline },
      })
    },
    [older, newer, navigate, filters, fromTimeline],
  )

  useEffect(() => {
    const opened = dialog.current
    opened?.showModal()
    opened?.focus()
    return () => opened?.close()
  }, [])

  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey) return
      const onVideo = event.target instanceof HTMLVideoElement && !event.altKey
      if (onVideo && event.key.startsWith('Arrow')) return
      if (event.key === 'ArrowRight') step(1)
      else if (event.key === 'ArrowLeft') step(-1)
      else if (event.key === 'i') setInformed((informed) => !informed)
      else if (event.key === '+' || event.key === '=') stage.current?.zoom(ZOOM_STEP)
      else if (event.key === '-') stage.current?.zoom(1 / ZOOM_STEP)
      else if (event.key === '0') stage.current?.reset()
      else return
      event.preventDefault()
    }
    window.addEventListener('keydown', onKeyDown)
    return () => window.removeEventListener('keydown', onKeyDown)
  }, [step])

  const name = primaryName(image.data)
  const takenAt = String(image.data?.values.taken_at?.value ?? '')
  const video = current?.kind === 'video'
  const label = [video ? 'Video' : 'Photo', takenAt && longDate(takenAt), name]
    .filter(Boolean)
    .join(', ')

  return (
    <dialog
      ref={dialog}
      aria-label={label}
      tabIndex={-1}
      onCancel={(event) => {
        event.preventDefault()
        close()
      }}
      className="fixed inset-0 m-0 h-dvh max-h-none w-screen max-w-none overflow-hidden bg-[#0b0c0c] text-white outline-none backdrop:bg-black"
    >
      <div
        className={`grid h-full ${informed ? 'max-md:grid-rows-[45%_55%] md:grid-cols-[1fr_22rem]' : ''}`}
      >
        <div className="relative flex min-h-0 min-w-0 flex-col">
          <header className="flex h-14 shrink-0 items-center gap-1 px-2">
            <ViewerButton label="Back to the timeline" onClick={close}>
              <IconBack />
            </ViewerButton>
            <div className="min-w-0 flex-1 px-1">
              <p className="truncate text-sm font-medium">
                <bdi>{takenAt ? fullDate(takenAt) : ' '}</bdi>
              </p>
              <p className="truncate text-xs text-white/70">
                <bdi>
                  {[takenAt && wallTime(takenAt), name].filter(Boolean).join(' · ')}
                </bdi>
              </p>
            </div>
            {number && (
              <p className="px-2 text-xs text-white/70 tabular-nums max-sm:hidden">
                {count(number)} of {count(total)}
              </p>
            )}
            {!video && (
              <>
                <ViewerButton
                  label="Zoom out"
                  className="max-sm:hidden"
                  onClick={() => stage.current?.zoom(1 / ZOOM_STEP)}
                >
                  <IconZoomOut />
                </ViewerButton>
                <ViewerButton
                  label="Zoom in"
                  className="max-sm:hidden"
                  onClick={() => stage.current?.zoom(ZOOM_STEP)}
                >
                  <IconZoomIn />
                </ViewerButton>
              </>
            )}
            <a
              href={originalUrl(imageId)}
              download
              aria-label="Download the original"
              title="Download the original"
              className="grid size-10 place-items-center rounded-full hover:bg-white/15 focus-visible:outline-white"
            >
              <IconDownload />
            </a>
            <ViewerButton
              label="Information"
              aria-pressed={informed}
              onClick={() => setInformed(!informed)}
              className={informed ? 'bg-white/20' : ''}
            >
              <IconInfo />
            </ViewerButton>
          </header>
          <div className="relative min-h-0 flex-1">
            {current && video && (
              <VideoStage key={imageId} video={current} label={label} />
            )}
            {current && !video && (
              <Stage
                key={imageId}
                ref={stage}
                picture={current}
                natural={naturalSize(image.data)}
                showsOriginal={SHOWN_BY_BROWSERS.has(primaryFormat(image.data))}
                label={label}
                onStep={step}
                onClose={close}
              />
            )}
            {!current && image.isError && (
              <ErrorState
                title="This image could not be loaded"
                error={image.error}
                onRetry={() => image.refetch()}
              />
            )}
            <ViewerButton
              label="Newer"
              disabled={!newer}
              onClick={() => step(-1)}
              className="absolute top-1/2 left-3 size-11 -translate-y-1/2 bg-black/30 disabled:invisible max-sm:hidden"
            >
              <IconLeft />
            </ViewerButton>
            <ViewerButton
              label="Older"
              disabled={!older}
              onClick={() => step(1)}
              className="absolute top-1/2 right-3 size-11 -translate-y-1/2 bg-black/30 disabled:invisible max-sm:hidden"
            >
              <IconRight />
            </ViewerButton>
          </div>
          <nav
            aria-label="Images"
            className="flex items-center justify-between px-4 pt-1 pb-[max(0.5rem,env(safe-area-inset-bottom))] sm:hidden"
          >
            <ViewerButton
              label="Newer"
              disabled={!newer}
              onClick={() => step(-1)}
              className="size-12"
            >
              <IconLeft className="size-6" />
            </ViewerButton>
            <p className="text-xs text-white/70 tabular-nums">
              {number && `${count(number)} of ${count(total)}`}
            </p>
            <ViewerButton
              label="Older"
              disabled={!older}
              onClick={() => step(1)}
              className="size-12"
            >
              <IconRight className="size-6" />
            </ViewerButton>
          </nav>
        </div>
        {informed && <InfoPanel imageId={imageId} onClose={() => setInformed(false)} />}
      </div>
    </dialog>
  )
}

const ViewerButton = ({
  className = '',
  ...rest
}: React.ComponentProps<typeof IconButton>) => (
  <IconButton
    className={`text-white hover:bg-white/15 focus-visible:outline-white ${className}`}
    {...rest}
  />
)

const primary = (image?: ImageDetail) =>
  image?.files.find(({ part }) => part === 'primary') ?? image?.files[0]
const primaryName = (image?: ImageDetail) => {
  const file = primary(image)
  return file && visible(file.name)
}
const primaryFormat = (image?: ImageDetail) => primary(image)?.format ?? ''

function naturalSize(image?: ImageDetail) {
  const width = image?.values.width?.value
  const height = image?.values.height?.value
  return typeof width === 'number' && typeof height === 'number'
    ? { width, height }
    : undefined
}

const glimpseOf = (image: ImageDetail): Glimpse => ({
  image_id: image.image_id,
  content_id: image.content_id,
  kind: image.kind,
  ratio: image.ratio ?? 1,
  thumbhash: image.thumbhash ?? null,
})
