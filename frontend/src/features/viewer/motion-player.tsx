// The film that a camera took along with a picture, played in its place.
import { useState } from 'react'
import type { ImageMotion } from '@/api/types'

type Props = {
  motion: ImageMotion
  label: string
  /** The film is over. */
  onEnd: () => void
}

export function MotionPlayer({ motion, label, onEnd }: Props) {
  const [failed, setFailed] = useState(false)
  return (
    <div className="absolute inset-0 bg-[#0b0c0c]">
      {failed ? (
        <div role="alert" className="absolute inset-0 grid place-content-center p-6">
          <p className="text-lg font-semibold">This browser cannot play the film</p>
          <a
            href={motion.url}
            download
            className="mt-3 justify-self-center rounded-lg bg-white/15 px-4 py-2 text-sm font-medium hover:bg-white/25"
          >
            Download the film
          </a>
        </div>
      ) : (
        // biome-ignore lint/a11y/useMediaCaption: films of pictures have none
        <video
          src={motion.url}
          aria-label={`Film of ${label}`}
          autoPlay
          controls
          playsInline
          onEnded={onEnd}
          onError={() => setFailed(true)}
          className="absolute inset-0 h-full w-full object-contain"
        />
      )}
    </div>
  )
}
