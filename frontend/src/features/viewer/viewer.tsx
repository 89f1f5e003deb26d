// One image, as large as the window: its own address, keys, zoom, objects, information.
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useRouter, useRouterState } from '@tanstack/react-router'
import { useCallback, useEffect, useRef, useState } from 'react'
import { IconLeft, IconRight } from '@/components/ui/icons'
import { ErrorState } from '@/components/ui/states'
import { DetectionHint } from '@/features/detections/detection-hint'
import { DetectionLayer } from '@/features/detections/detection-layer'
import { DetectionPanel } from '@/features/detections/detection-panel'
import { DetectionTimes } from '@/features/detections/detection-times'
import { detectionsQuery } from '@/features/detections/queries'
import { seenAt } from '@/features/detections/texts'
import { useBoxesShown } from '@/features/detections/use-boxes-shown'
import { DamageNotice } from '@/features/integrity/damage-notice'
import { servesDamage } from '@/features/integrity/damaged'
import { longDate } from '@/lib/dates'
import { count } from '@/lib/format'
import { InfoPanel } from './info-panel'
import { MotionPlayer } from './motion-player'
import { glimpseOf, naturalSize, primaryFormat, primaryName } from './primary'
import { imageQuery } from './queries'
import { Stage, type StageHandle } from './stage'
import type { Neighbours } from './use-neighbours'
import { type VideoHandle, VideoStage } from './video-stage'
import { ViewerBar } from './viewer-bar'
import { ViewerButton } from './viewer-button'

const SHOWN_BY_BROWSERS = new Set(['jpeg', 'png', 'webp', 'gif', 'avif', 'bmp'])
const ZOOM_STEP = 1.5

type Props = {
  imageId: string
  neighbours: Neighbours
  /** What the pictures beside it, and the way back, are called. */
  words: { newer: string; older: string; back: string }
  hrefOf: (imageId: string) => string
  /** Where closing leads when the viewer was opened by its address. */
  home: string
  /** Where a video begins, in seconds. */
  startAt?: number
}

export function Viewer(props: Props) {
  const { imageId, neighbours, words, hrefOf, home, startAt } = props
  const router = useRouter()
  const navigate = useNavigate()
  const fromGrid = useRouterState({ select: ({ location }) => location.state.fromGrid })
  const dialog = useRef<HTMLDialogElement>(null)
  const stage = useRef<StageHandle>(null)
  const player = useRef<VideoHandle>(null)
  const [informed, setInformed] = useState(false)
  const [boxes, toggleBoxes] = useBoxesShown()
  const [chosen, setChosen] = useState<{ imageId: string; detectionId: string }>()
  const image = useQuery(imageQuery(imageId))
  const [rest, setRest] = useState<{ imageId: string; at: number | undefined }>()
  const [moved, setMoved] = useState<string>()
  const seen = useQuery({ ...detectionsQuery(imageId), enabled: boxes })
  const current = neighbours.current ?? (image.data && glimpseOf(image.data))
  const { newer, older, number, total } = neighbours
  const detections = (boxes && seen.data?.detections) || []
  const motion = current?.kind === 'picture' ? image.data?.motion : undefined
  const moving = moved === imageId
  const resting = rest?.imageId === imageId ? rest.at : undefined
  const layer = (shown: typeof detections) =>
    shown.length > 0 && (
      <DetectionLayer
        detections={shown}
        chosen={detection?.detection_id}
        onChoose={(detectionId) => setChosen({ imageId, detectionId })}
      />
    )
  const detection = detections.find(
    ({ detection_id }) =>
      chosen?.imageId === imageId && chosen.detectionId === detection_id,
  )

  const close = useCallback(() => {
    if (fromGrid) router.history.back()
    else navigate({ href: home })
  }, [fromGrid, router, navigate, home])

  const step = useCallback(
    (direction: -1 | 1) => {
      const target = direction === 1 ? older : newer
      if (!target) return
      navigate({ href: hrefOf(target.image_id), replace: true, state: { fromGrid } })
    },
    [older, newer, navigate, hrefOf, fromGrid],
  )

  const showSimilar = useCallback(
    () => navigate({ to: '/images/$imageId/similar', params: { imageId }, search: {} }),
    [navigate, imageId],
  )

  const toggleFilm = useCallback(
    () => setMoved((moved) => (moved === imageId ? undefined : imageId)),
    [imageId],
  )

  /** Closes the object's panel; the object itself has the focus again. */
  const leaveObject = () => {
    const id = detection?.detection_id
    setChosen(undefined)
    dialog.current?.querySelector<HTMLElement>(`[data-detection="${id}"]`)?.focus()
  }

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
      else if (event.key === 'b') toggleBoxes()
      else if (event.key === 'm') toggleFilm()
      else if (event.key === 's') showSimilar()
      else if (event.key === '+' || event.key === '=') stage.current?.zoom(ZOOM_STEP)
      else if (event.key === '-') stage.current?.zoom(1 / ZOOM_STEP)
      else if (event.key === '0') stage.current?.reset()
      else return
      event.preventDefault()
    }
    window.addEventListener('keydown', onKeyDown)
    return () => window.removeEventListener('keydown', onKeyDown)
  }, [step, toggleBoxes, toggleFilm, showSimilar])

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
        if (detection) leaveObject()
        else close()
      }}
      className="fixed inset-0 m-0 h-dvh max-h-none w-screen max-w-none overflow-hidden bg-[#0b0c0c] text-white outline-none backdrop:bg-black"
    >
      <div
        className={`grid h-full ${informed ? 'max-md:grid-rows-[45%_55%] md:grid-cols-[1fr_22rem]' : ''}`}
      >
        <div className="relative flex min-h-0 min-w-0 flex-col">
          <ViewerBar
            imageId={imageId}
            takenAt={takenAt}
            name={name}
            place={number && `${count(number)} of ${count(total)}`}
            back={words.back}
            onBack={close}
            onZoom={
              video
                ? undefined
                : (closer) => stage.current?.zoom(closer ? ZOOM_STEP : 1 / ZOOM_STEP)
            }
            moving={motion ? moving : undefined}
            onMove={toggleFilm}
            damaged={servesDamage(image.data)}
            onSimilar={showSimilar}
            boxes={boxes}
            onBoxes={toggleBoxes}
            informed={informed}
            onInform={() => setInformed(!informed)}
          />
          <DamageNotice
            image={image.data}
            onMore={informed ? undefined : () => setInformed(true)}
          />
          <div className="relative min-h-0 flex-1">
            {current && video && (
              <VideoStage
                key={imageId}
                ref={player}
                video={current}
                label={label}
                startAt={startAt}
                onRest={(at) => setRest({ imageId, at })}
              >
                {resting !== undefined && layer(seenAt(detections, resting))}
              </VideoStage>
            )}
            {current && !video && (
              <Stage
                key={imageId}
                ref={stage}
                picture={current}
                natural={naturalSize(image.data)}
                showsOriginal={
                  SHOWN_BY_BROWSERS.has(primaryFormat(image.data)) &&
                  !servesDamage(image.data)
                }
                label={label}
                onStep={step}
                onClose={close}
              >
                {layer(detections)}
              </Stage>
            )}
            {motion && moving && (
              <MotionPlayer
                key={imageId}
                motion={motion}
                label={label}
                onEnd={() => setMoved(undefined)}
              />
            )}
            {!current && image.isError && (
              <ErrorState
                title="This image could not be loaded"
                error={image.error}
                onRetry={() => image.refetch()}
              />
            )}
            {boxes && (
              <DetectionHint
                failed={seen.isError}
                detections={seen.data}
                video={video}
              />
            )}
            {detection && (
              <DetectionPanel detection={detection} onClose={leaveObject} />
            )}
            <ViewerButton
              label={words.newer}
              disabled={!newer}
              onClick={() => step(-1)}
              className="absolute top-1/2 left-3 size-11 -translate-y-1/2 bg-black/30 disabled:invisible max-sm:hidden"
            >
              <IconLeft />
            </ViewerButton>
            <ViewerButton
              label={words.older}
              disabled={!older}
              onClick={() => step(1)}
              className="absolute top-1/2 right-3 size-11 -translate-y-1/2 bg-black/30 disabled:invisible max-sm:hidden"
            >
              <IconRight />
            </ViewerButton>
          </div>
          {video && detections.length > 0 && (
            <DetectionTimes
              detections={detections}
              onSeek={(seconds) => player.current?.seek(seconds)}
            />
          )}
          <nav
            aria-label="Images"
            className="flex items-center justify-between px-4 pt-1 pb-[max(0.5rem,env(safe-area-inset-bottom))] sm:hidden"
          >
            <ViewerButton
              label={words.newer}
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
              label={words.older}
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
