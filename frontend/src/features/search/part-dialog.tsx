// Where a person draws around the part of a picture to search by.
import {
  type KeyboardEvent,
  type PointerEvent,
  useEffect,
  useId,
  useRef,
  useState,
} from 'react'
import { Button } from '@/components/ui/button'
import { visible } from '@/lib/quoted-path'
import { cut, grip, grown, moved, type Part, type Point } from './part'

const STEP = 0.02
/** As near to a corner as a finger is. */
const REACH_PX = 22
const CORNERS = [
  '-top-1.5 -left-1.5',
  '-top-1.5 -right-1.5',
  '-bottom-1.5 -left-1.5',
  '-bottom-1.5 -right-1.5',
]

type Props = {
  file: File
  url: string
  /** What is chosen at first. */
  start: Part
  onSearch: (made: File, part: Part) => void
  onClose: () => void
}

export function PartDialog({ file, url, start, onSearch, onClose }: Props) {
  const [part, setPart] = useState(start)
  const [refused, setRefused] = useState<string>()
  const dialog = useRef<HTMLDialogElement>(null)
  const picture = useRef<HTMLImageElement>(null)
  const frame = useRef<HTMLButtonElement>(null)
  const pull = useRef<(to: Point) => Part>(undefined)
  const help = useId()

  useEffect(() => {
    const opened = dialog.current
    opened?.showModal()
    return () => opened?.close()
  }, [])

  const onPointerDown = (event: PointerEvent) => {
    if (event.button !== 0 || pull.current) return
    const { width, height } = sizeOf(picture.current)
    event.currentTarget.setPointerCapture?.(event.pointerId)
    const reach = { x: REACH_PX / width, y: REACH_PX / height }
    pull.current = grip(part, pointIn(picture.current, event), reach)
  }
  const onPointerMove = (event: PointerEvent) => {
    if (pull.current) setPart(pull.current(pointIn(picture.current, event)))
  }
  const onPointerUp = () => {
    pull.current = undefined
    frame.current?.focus() // the keys go on from here
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const [right, down] = ARROWS[event.key] ?? []
    if (right === undefined || down === undefined) return
    event.preventDefault()
    const change = event.shiftKey ? grown : moved
    setPart(change(part, right * STEP, down * STEP))
  }
  const search = async () => {
    if (!picture.current) return
    try {
      onSearch(await cut(picture.current, part, file.name), part)
    } catch (error) {
      setRefused(error instanceof Error ? error.message : String(error))
    }
  }

  return (
    <dialog
      ref={dialog}
      aria-label="Search for a part"
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
      className="m-auto max-h-[96dvh] w-fit max-w-[min(56rem,96vw)] overflow-auto rounded-2xl border border-line bg-raised p-4 text-ink shadow-xl backdrop:bg-black/50 sm:p-6"
    >
      <h2 className="text-lg font-semibold">Search for a part</h2>
      <p id={help} className="mt-1 mb-4 text-sm text-soft">
        Draw around what you are looking for.
        <span className="max-sm:sr-only">
          {' '}
          Arrow keys move the part; with Shift they change its size.
        </span>
      </p>
      <div
        data-testid="part"
        onPointerDown={onPointerDown}
        onPointerMove={onPointerMove}
        onPointerUp={onPointerUp}
        onPointerCancel={onPointerUp}
        className="relative mx-auto w-fit cursor-crosshair touch-none overflow-hidden rounded-lg bg-sunken select-none"
      >
        <img
          ref={picture}
          src={url}
          alt={visible(file.name)}
          draggable={false}
          className="max-h-[62dvh] min-h-32 max-w-full"
        />
        <button
          ref={frame}
          type="button"
          aria-label={inWords(part)}
          aria-describedby={help}
          onKeyDown={onKeyDown}
          className="absolute cursor-move border-2 border-white shadow-[0_0_0_100vmax_rgb(0_0_0/0.55)] focus-visible:outline-2 focus-visible:outline-offset-4 focus-visible:outline-white focus-visible:outline-dashed"
          style={{
            left: percent(part.x),
            top: percent(part.y),
            width: percent(part.width),
            height: percent(part.height),
          }}
        >
          {CORNERS.map((place) => (
            <span
              key={place}
              className={`absolute size-3 rounded-full border border-black/40 bg-white ${place}`}
            />
          ))}
        </button>
      </div>
      <div role="alert" className="mt-3 text-sm text-bad empty:hidden">
        {refused}
      </div>
      <div className="mt-4 flex justify-end gap-2">
        <Button onClick={onClose}>Cancel</Button>
        <Button main onClick={search}>
          Search
        </Button>
      </div>
    </dialog>
  )
}

const ARROWS: Record<string, readonly [right: number, down: number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
}

const percent = (fraction: number) => `${Math.round(1000 * fraction) / 10}%`

const inWords = ({ x, y, width, height }: Part) =>
  `The part: ${percent(width)} wide and ${percent(height)} high, ${percent(x)} from the left and ${percent(y)} from the top`

function sizeOf(element: HTMLElement | null) {
  const { width = 0, height = 0 } = element?.getBoundingClientRect() ?? {}
  return { width: width || 1, height: height || 1 }
}

/** Where in an element a pointer is, in fractions of it. */
function pointIn(
  element: HTMLElement | null,
  { clientX, clientY }: PointerEvent,
): Point {
  const { left = 0, top = 0 } = element?.getBoundingClientRect() ?? {}
  const { width, height } = sizeOf(element)
  return { x: (clientX - left) / width, y: (clientY - top) / height }
}
