// Plays a video from its original, with its poster before.
import { type ReactNode, type Ref, useImperativeHandle, useRef, useState } from 'react'
import { originalUrl, thumbnailUrl } from '@/api/addresses'
import type { Glimpse } from '@/features/timeline/sequence'
import { useSize } from '@/features/timeline/use-size'
import { fitInto } from './zoom'

/** What goes to a moment of the video. */
export type VideoHandle = { seek: (seconds: number) => void }

type Props = {
  video: Glimpse
  label: string
  ref: Ref<VideoHandle>
  /** Where it begins, in seconds. */
  startAt?: number
  /** Where it rests, in seconds; called with nothing when it goes on. */
  onRest: (seconds: number | undefined) => void
  /** Drawn over the frame it rests on. */
  children?: ReactNode
}

/** Nothing drawn over the frame hides the controls from the hand. */
const ABOVE_CONTROLS = { clipPath: 'inset(0 0 5rem 0)' }

export function VideoStage({ video, label, ref, startAt, onRest, children }: Props) {
  const box = useRef<HTMLDivElement>(null)
  const frame = fitInto(useSize(box), video.ratio || 1)
  const player = useRef<HTMLVideoElement>(null)
  useImperativeHandle(ref, () => ({
    seek: (seconds) => {
      if (player.current) player.current.currentTime = seconds
    },
  }))
  const [failed, setFailed] = useState(false)

  if (failed) {
    return (
      <div className="absolute inset-0 grid place-items-center p-6">
        <img
          src={thumbnailUrl(video.content_id, 2048)}
          alt=""
          className="absolute inset-0 h-full w-full object-contain opacity-40"
        />
        <div role="alert" className="relative max-w-sm text-center">
          <p className="text-lg font-semibold">This browser cannot play the video</p>
          <a
            href={originalUrl(video.image_id)}
            download
            className="mt-3 inline-block rounded-lg bg-white/15 px-4 py-2 text-sm font-medium hover:bg-white/25"
          >
            Download the original
          </a>
        </div>
      </div>
    )
  }
  const rest = ({ paused, currentTime }: HTMLVideoElement) =>
    onRest(paused ? currentTime : undefined)
  return (
    <div ref={box} className="absolute inset-0">
      {/* biome-ignore lint/a11y/useMediaCaption: home videos have none */}
      <video
        ref={player}
        src={originalUrl(video.image_id)}
        poster={thumbnailUrl(video.content_id, 2048)}
        aria-label={label}
        controls
        playsInline
        preload="metadata"
        onLoadedMetadata={({ currentTarget }) => {
          if (startAt) currentTarget.currentTime = startAt
        }}
        onPlay={() => onRest(undefined)}
        onSeeking={() => onRest(undefined)}
        onPause={({ currentTarget }) => rest(currentTarget)}
        onSeeked={({ currentTarget }) => rest(currentTarget)}
        onError={() => setFailed(true)}
        className="absolute inset-0 h-full w-full object-contain"
      />
      {children && (
        <div
          className="pointer-events-none absolute inset-0 grid place-items-center"
          style={ABOVE_CONTROLS}
        >
          <div className="relative [&_button]:pointer-events-auto" style={frame}>
            {children}
          </div>
        </div>
      )}
    </div>
  )
}
