// Boxes and masks over a picture. Boxes are fractions, so every thumbnail and zoom fits.
import { type CSSProperties, useMemo, useState } from 'react'
import type { Detection } from '@/api/types'
import { colourOf } from './colours'
import { MaskCanvas } from './mask-canvas'
import { areaOf, place } from './place'
import { sure } from './texts'

type Props = {
  detections: readonly Detection[]
  chosen: string | undefined
  onChoose: (detectionId: string) => void
}

/** Drawn inside what zooms; `--scale` there keeps lines and words as large as ever. */
const LINE: CSSProperties = { borderWidth: 'calc(2px / var(--scale, 1))' }
const UPRIGHT: CSSProperties = { transform: 'scale(calc(1 / var(--scale, 1)))' }
/** Boxes that begin this near to the top carry their words inside. */
const TOP_EDGE = 0.06

export function DetectionLayer({ detections, chosen, onChoose }: Props) {
  const [hovered, setHovered] = useState<string>()
  const orders = useMemo(() => smallOnTop(detections), [detections])
  const isStrong = (id: string) => id === hovered || id === chosen

  return (
    <div className="absolute inset-0">
      <div aria-hidden="true">
        {detections.map(
          ({ detection_id, mask }, at) =>
            mask && (
              <MaskCanvas
                key={detection_id}
                mask={mask}
                colour={colourOf(at)}
                strong={isStrong(detection_id)}
              />
            ),
        )}
      </div>
      <ul aria-label="Objects" className="absolute inset-0">
        {detections.map(({ detection_id, name, score, box }, at) => {
          const strong = isStrong(detection_id)
          return (
            <li
              key={detection_id}
              className="absolute"
              style={{ ...place(box), zIndex: strong ? 1_000 : orders[at] }}
            >
              <button
                type="button"
                data-detection={detection_id}
                aria-label={`${name}, ${sure(score)} sure`}
                aria-pressed={detection_id === chosen}
                onClick={() => onChoose(detection_id)}
                onPointerEnter={() => setHovered(detection_id)}
                onPointerLeave={() => setHovered(undefined)}
                onFocus={() => setHovered(detection_id)}
                onBlur={() => setHovered(undefined)}
                className="absolute inset-0 rounded-[2px] border-solid shadow-[0_0_0_calc(1px/var(--scale,1))_rgb(0_0_0/0.45)] outline-none focus-visible:shadow-[0_0_0_calc(4px/var(--scale,1))_white]"
                style={{
                  ...LINE,
                  borderColor: colourOf(at),
                  opacity: strong ? 1 : 0.75,
                }}
              />
              {strong && (
                <span
                  aria-hidden="true"
                  className={`pointer-events-none absolute left-0 w-max rounded-sm px-1.5 py-0.5 text-xs font-semibold text-black ${
                    (box[1] ?? 0) < TOP_EDGE
                      ? 'top-0 origin-top-left'
                      : 'bottom-full origin-bottom-left'
                  }`}
                  style={{ ...UPRIGHT, background: colourOf(at) }}
                >
                  {name} {sure(score)}
                </span>
              )}
            </li>
          )
        })}
      </ul>
    </div>
  )
}

/** Which box lies above which: a small one within a large one can still be reached. */
function smallOnTop(detections: readonly Detection[]): number[] {
  const bySize = [...detections.keys()].sort(
    (a, b) => areaOf(boxAt(detections, b)) - areaOf(boxAt(detections, a)),
  )
  const orders: number[] = []
  bySize.forEach((at, order) => {
    orders[at] = order + 1
  })
  return orders
}

const boxAt = (detections: readonly Detection[], at: number) =>
  detections[at]?.box ?? []
