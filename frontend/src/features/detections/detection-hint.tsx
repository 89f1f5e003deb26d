// Why no box is there although boxes are shown.
import type { Detections } from '@/api/types'

type Props = {
  failed: boolean
  detections: Detections | undefined
  video: boolean
}

export function DetectionHint({ failed, detections, video }: Props) {
  const kind = video ? 'video' : 'picture'
  const words = failed
    ? 'The objects could not be loaded.'
    : detections?.producer === null
      ? `No model has looked at this ${kind} yet.`
      : detections?.detections.length === 0
        ? `No object was found in this ${kind}.`
        : undefined
  return (
    <p
      role="status"
      className={
        words &&
        'pointer-events-none absolute inset-x-0 bottom-4 z-10 mx-auto w-fit max-w-[calc(100%-2rem)] rounded-full bg-black/70 px-4 py-2 text-[13px]'
      }
    >
      {words}
    </p>
  )
}
