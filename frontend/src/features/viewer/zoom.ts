// Zoom and pan of a picture in the viewer; pure arithmetic, in CSS pixels from the stage's middle.

/** How a picture lies: `scale` 1 fits the stage, `x` and `y` move its middle. */
export type View = { scale: number; x: number; y: number }
export type Size = { width: number; height: number }
export type Point = { x: number; y: number }

export const FITTED: View = { scale: 1, x: 0, y: 0 }

/** The largest size of a picture within a stage; a small one is not blown up. */
export function fitInto(stage: Size, ratio: number, natural?: Size): Size {
  const width = Math.min(
    stage.width,
    stage.height * ratio,
    natural && natural.width > 0 ? natural.width : Number.POSITIVE_INFINITY,
  )
  return { width, height: width / ratio }
}

/** Twice the picture's own pixels, and at least four times the fitted size. */
export const mostScale = (fitted: Size, natural?: Size) =>
  Math.max(4, natural && fitted.width > 0 ? (2 * natural.width) / fitted.width : 0)

/** Keeps the picture's edges outside the stage's, or the picture in its middle. */
export function keepInside(view: View, fitted: Size, stage: Size): View {
  const roomX = Math.max(0, (fitted.width * view.scale - stage.width) / 2)
  const roomY = Math.max(0, (fitted.height * view.scale - stage.height) / 2)
  return {
    scale: view.scale,
    x: Math.min(roomX, Math.max(-roomX, view.x)) + 0,
    y: Math.min(roomY, Math.max(-roomY, view.y)) + 0,
  }
}

/** Zooms by a factor so that what lies under `point` stays there. */
export function zoomAt(
  view: View,
  factor: number,
  point: Point,
  fitted: Size,
  stage: Size,
  most: number,
): View {
  const scale = Math.min(most, Math.max(1, view.scale * factor))
  const grown = scale / view.scale
  return keepInside(
    {
      scale,
      x: point.x - (point.x - view.x) * grown,
      y: point.y - (point.y - view.y) * grown,
    },
    fitted,
    stage,
  )
}

/** Whether a preview of `longEdge` pixels is too coarse for what is shown. */
export const needsOriginal = (
  fitted: Size,
  scale: number,
  pixelRatio: number,
  longEdge: number,
) => Math.max(fitted.width, fitted.height) * scale * pixelRatio > longEdge * 1.05
