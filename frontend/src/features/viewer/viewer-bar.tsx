// The bar above the viewer's picture: what it is, and what can be done with it.
import { originalUrl } from '@/api/addresses'
import {
  IconBack,
  IconBoxes,
  IconDownload,
  IconInfo,
  IconPlay,
  IconSimilar,
  IconZoomIn,
  IconZoomOut,
} from '@/components/ui/icons'
import { fullDate, wallTime } from '@/lib/dates'
import { ViewerButton } from './viewer-button'

type Props = {
  imageId: string
  takenAt: string
  name: string | undefined
  /** Where it stands among the others: 3 of 60. */
  place: string | number | undefined
  back: string
  onBack: () => void
  /** Absent where nothing zooms. */
  onZoom: ((closer: boolean) => void) | undefined
  /** Whether the picture's film plays; absent where there is none. */
  moving: boolean | undefined
  onMove: () => void
  /** Whether what is downloaded is damaged. */
  damaged: boolean
  onSimilar: () => void
  boxes: boolean
  onBoxes: () => void
  informed: boolean
  onInform: () => void
}

export const ViewerBar = (props: Props) => {
  const { imageId, takenAt, name, place, back, onBack, onZoom } = props
  const { moving, onMove, damaged, onSimilar, boxes, onBoxes, informed, onInform } =
    props
  const download = `Download the ${damaged ? 'damaged ' : ''}original`
  return (
    <header className="flex h-14 shrink-0 items-center gap-1 px-2 max-sm:gap-0">
      <ViewerButton label={back} onClick={onBack}>
        <IconBack />
      </ViewerButton>
      <div className="min-w-0 flex-1 px-1">
        <p className="truncate text-sm font-medium">
          <bdi>{takenAt ? fullDate(takenAt) : ' '}</bdi>
        </p>
        <p className="truncate text-xs text-white/70">
          <bdi>{[takenAt && wallTime(takenAt), name].filter(Boolean).join(' · ')}</bdi>
        </p>
      </div>
      {place && (
        <p className="px-2 text-xs text-white/70 tabular-nums max-sm:hidden">{place}</p>
      )}
      {onZoom && (
        <>
          <ViewerButton
            label="Zoom out"
            className="max-sm:hidden"
            onClick={() => onZoom(false)}
          >
            <IconZoomOut />
          </ViewerButton>
          <ViewerButton
            label="Zoom in"
            className="max-sm:hidden"
            onClick={() => onZoom(true)}
          >
            <IconZoomIn />
          </ViewerButton>
        </>
      )}
      {moving !== undefined && (
        <ViewerButton
          label="Play the film"
          aria-pressed={moving}
          onClick={onMove}
          className={moving ? 'bg-white/20' : ''}
        >
          <IconPlay />
        </ViewerButton>
      )}
      <ViewerButton label="Similar pictures" onClick={onSimilar}>
        <IconSimilar />
      </ViewerButton>
      <ViewerButton
        label="Objects"
        aria-pressed={boxes}
        onClick={onBoxes}
        className={boxes ? 'bg-white/20' : ''}
      >
        <IconBoxes />
      </ViewerButton>
      <a
        href={originalUrl(imageId)}
        download
        aria-label={download}
        title={download}
        className="grid size-10 shrink-0 place-items-center rounded-full hover:bg-white/15 focus-visible:outline-white"
      >
        <IconDownload />
      </a>
      <ViewerButton
        label="Information"
        aria-pressed={informed}
        onClick={onInform}
        className={informed ? 'bg-white/20' : ''}
      >
        <IconInfo />
      </ViewerButton>
    </header>
  )
}
