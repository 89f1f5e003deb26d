// A picture to zoom and pan: placeholder, grid thumbnail, preview, and past it the original.
import {
  type CSSProperties,
  type MouseEvent,
  type PointerEvent,
  type ReactNode,
  useCallback,
  useEffect,
  useImperativeHandle,
  useRef,
  useState,
} from 'react'
import { originalUrl, thumbnailUrl } from '@/api/addresses'
import type { Glimpse } from '@/features/timeline/sequence'
import { ThumbhashCanvas } from '@/features/timeline/thumbhash-canvas'
import { useSize } from '@/features/timeline/use-size'
import {
  FITTED,
  fitInto,
  keepInside,
  mostScale,
  needsOriginal,
  type Point,
  type Size,
  zoomAt,
} from './zoom'

const PREVIEW_EDGE = 2048
const SWIPE_PX = 60
const DISMISS_PX = 100
/** A press that moves less is a click on what lies there. */
const CLICK_PX = 4

/** What the viewer's keys and buttons do to the picture. */
export type StageHandle = { zoom: (factor: number) => void; reset: () => void }

type Props = {
  picture: Glimpse
  natural?: Size
  /** Whether a browser can show the original at all; a RAW stays at its preview. */
  showsOriginal: boolean
  label: string
  ref: React.Ref<StageHandle>
  onStep: (step: -1 | 1) => void
  onClose: () => void
  /** Drawn over the picture, zooming along; `--scale` is there to undo that. */
  children?: ReactNode
}

export function Stage(props: Props) {
  const { picture, natural, showsOriginal, label, ref, onStep, onClose, children } =
    props
  const box = useRef<HTMLDivElement>(null)
  const stage = useSize(box)
  const [view, setView] = useState(FITTED)
  const [previewShown, setPreviewShown] = useState(false)
  const pointers = useRef(new Map<number, Point>())
  const swipe = useRef<Point>(undefined)
  const pressed = useRef<Point>(undefined)

  const fitted = fitInto(stage, picture.ratio || 1, natural)
  const most = mostScale(fitted, natural)
  const geometry = useRef({ fitted, stage, most })
  geometry.current = { fitted, stage, most }

  const zoom = useCallback((factor: number, point: Point = { x: 0, y: 0 }) => {
    const { fitted, stage, most } = geometry.current
    setView((view) => zoomAt(view, factor, point, fitted, stage, most))
  }, [])
  useImperativeHandle(ref, () => ({ zoom, reset: () => setView(FITTED) }), [zoom])

  const pointOf = useCallback(
    ({ clientX, clientY }: { clientX: number; clientY: number }) => {
      const {
        left = 0,
        top = 0,
        width = 0,
        height = 0,
      } = box.current?.getBoundingClientRect() ?? {}
      return { x: clientX - left - width / 2, y: clientY - top - height / 2 }
    },
    [],
  )

  // React listens to wheels passively, and the page must not zoom along.
  useEffect(() => {
    const target = box.current
    if (!target) return
    const onWheel = (event: WheelEvent) => {
      event.preventDefault()
      zoom(Math.exp(-event.deltaY * (event.ctrlKey ? 0.01 : 0.002)), pointOf(event))
    }
    target.addEventListener('wheel', onWheel, { passive: false })
    return () => target.removeEventListener('wheel', onWheel)
  }, [zoom, pointOf])

  const onDoubleClick = (event: MouseEvent) => {
    if (view.scale > 1) return setView(FITTED)
    const hundred = natural && fitted.width > 0 ? natural.width / fitted.width : 2.5
    zoom(Math.max(2, hundred), pointOf(event))
  }

  const onPointerDown = (event: PointerEvent) => {
    if (event.button !== 0) return
    pressed.current = pointOf(event)
    pointers.current.set(event.pointerId, pointOf(event))
    swipe.current =
      event.pointerType === 'touch' && pointers.current.size === 1 && view.scale === 1
        ? pointOf(event)
        : undefined
  }
  const onPointerMove = (event: PointerEvent) => {
    const before = pointers.current.get(event.pointerId)
    if (!before) return
    const now = pointOf(event)
    const start = pressed.current
    // Captured only now: a capture from the start would take the click from a box.
    if (start && distance(start, now) > CLICK_PX) {
      event.currentTarget.setPointerCapture(event.pointerId)
      pressed.current = undefined
    }
    pointers.current.set(event.pointerId, now)
    const other = [...pointers.current].find(([id]) => id !== event.pointerId)?.[1]
    if (other) {
      const middle = { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 }
      zoom(distance(now, other) / Math.max(1, distance(before, other)), middle)
    } else if (view.scale > 1) {
      setView((view) =>
        keepInside(
          { ...view, x: view.x + now.x - before.x, y: view.y + now.y - before.y },
          fitted,
          stage,
        ),
      )
    }
  }
  const onPointerUp = (event: PointerEvent) => {
    const start = swipe.current
    const end = pointOf(event)
    pointers.current.delete(event.pointerId)
    pressed.current = undefined
    swipe.current = undefined
    if (!start || event.type === 'pointercancel') return
    const across = end.x - start.x
    const down = end.y - start.y
    if (Math.abs(across) > SWIPE_PX && Math.abs(across) > Math.abs(down)) {
      onStep(across < 0 ? 1 : -1)
    } else if (down > DISMISS_PX) onClose()
  }

  const past = needsOriginal(
    fitted,
    view.scale,
    globalThis.devicePixelRatio ?? 1,
    Math.min(
      PREVIEW_EDGE,
      natural ? Math.max(natural.width, natural.height) : PREVIEW_EDGE,
    ),
  )
  const original = past && view.scale > 1 && showsOriginal
  const layer = 'absolute inset-0 h-full w-full select-none'
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: every gesture has a key and a button
    <div
      ref={box}
      data-testid="stage"
      data-scale={view.scale.toFixed(2)}
      className={`absolute inset-0 touch-none overflow-hidden ${view.scale > 1 ? 'cursor-grab active:cursor-grabbing' : ''}`}
      onDoubleClick={onDoubleClick}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={onPointerUp}
      onPointerCancel={onPointerUp}
      onPointerLeave={onPointerUp}
    >
      {stage.width > 0 && (
        <div
          className="absolute top-1/2 left-1/2"
          style={
            {
              width: fitted.width,
              height: fitted.height,
              transform: `translate(-50%, -50%) translate(${view.x}px, ${view.y}px) scale(${view.scale})`,
              '--scale': view.scale,
            } as CSSProperties
          }
        >
          {!previewShown && (
            <>
              <ThumbhashCanvas hash={picture.thumbhash} className={layer} />
              <img
                src={thumbnailUrl(picture.content_id, 512)}
                alt=""
                draggable={false}
                className={layer}
                onError={({ currentTarget }) => {
                  currentTarget.hidden = true
                }}
              />
            </>
          )}
          <img
            src={thumbnailUrl(picture.content_id, 2048)}
            alt={label}
            draggable={false}
            onLoad={() => setPreviewShown(true)}
            className={`${layer} ${previewShown ? '' : 'opacity-0'}`}
          />
          {original && (
            <img
              src={originalUrl(picture.image_id)}
              alt=""
              draggable={false}
              data-testid="original"
              className={layer}
              onError={({ currentTarget }) => {
                currentTarget.hidden = true
              }}
            />
          )}
          {children}
        </div>
      )}
    </div>
  )
}

const distance = (a: Point, b: Point) => Math.hypot(a.x - b.x, a.y - b.y)
