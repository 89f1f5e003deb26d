// What is seen in a video, by time: each entry goes there.
import type { Detection } from '@/api/types'
import { playingTime } from '@/lib/format'
import { byTime, sure } from './texts'

type Props = { detections: readonly Detection[]; onSeek: (seconds: number) => void }

export const DetectionTimes = ({ detections, onSeek }: Props) => (
  <ul
    aria-label="Objects by time"
    className="flex shrink-0 gap-2 overflow-x-auto px-3 py-2 sm:justify-center"
  >
    {byTime(detections).map(({ at, found }) => (
      <li key={at} className="shrink-0">
        <button
          type="button"
          onClick={() => onSeek(at)}
          title={found.map(({ name, score }) => `${name} ${sure(score)}`).join(', ')}
          className="flex h-9 items-center gap-2 rounded-full bg-white/15 px-3.5 text-[13px] hover:bg-white/25 focus-visible:outline-white"
        >
          <span className="font-medium tabular-nums">{playingTime(at)}</span>
          <span className="text-white/80">
            {found
              .map(({ name, count }) => (count > 1 ? `${count} × ${name}` : name))
              .join(', ')}
          </span>
        </button>
      </li>
    ))}
  </ul>
)
