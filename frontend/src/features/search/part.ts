// A part of a picture, drawn by hand: fractions of it, never outside and never nothing.

export type Point = { x: number; y: number }
export type Part = Point & { width: number; height: number }

/** Less of a picture shows nothing to compare. */
const LEAST = 0.04
/** The API looks no closer. */
const LONGEST_PX = 2048

export const MIDDLE: Part = { x: 0.2, y: 0.2, width: 0.6, height: 0.6 }

const clamp = (value: number, most = 1) => Math.min(Math.max(value, 0), most)

/** The part between two opposite corners. */
export function between(a: Point, b: Point): Part {
  const along = (a: number, b: number) => {
    const size = Math.max(LEAST, Math.abs(clamp(a) - clamp(b)))
    return { start: clamp(Math.min(a, b), 1 - size), size }
  }
  const { start: x, size: width } = along(a.x, b.x)
  const { start: y, size: height } = along(a.y, b.y)
  return { x, y, width, height }
}

export const moved = (part: Part, right: number, down: number): Part => ({
  ...part,
  x: clamp(part.x + right, 1 - part.width),
  y: clamp(part.y + down, 1 - part.height),
})

export const grown = (part: Part, wider: number, higher: number): Part =>
  between(part, {
    x: Math.max(part.x + part.width + wider, part.x + LEAST),
    y: Math.max(part.y + part.height + higher, part.y + LEAST),
  })

/**
 * What dragging from a point does: a corner is pulled, the part itself is moved, and
 * anywhere else another part begins. `reach` is how near to a corner is at it.
 */
export function grip(part: Part, from: Point, reach: Point): (to: Point) => Part {
  const end = { x: part.x + part.width, y: part.y + part.height }
  const x = across(part.x, end.x, from.x, reach.x)
  const y = across(part.y, end.y, from.y, reach.y)
  if (x !== undefined && y !== undefined) return (to) => between({ x, y }, to)
  const within = from.x > part.x && from.x < end.x && from.y > part.y && from.y < end.y
  if (within) return (to) => moved(part, to.x - from.x, to.y - from.y)
  return (to) => between(from, to)
}

/** The side across from the one that is reached, if one is. */
function across(start: number, end: number, at: number, reach: number) {
  if (Math.abs(at - end) <= reach) return start
  if (Math.abs(at - start) <= reach) return end
  return undefined
}

/** The part as a picture of its own, cut by this browser. */
export async function cut(
  picture: HTMLImageElement,
  part: Part,
  name: string,
): Promise<File> {
  const width = part.width * picture.naturalWidth
  const height = part.height * picture.naturalHeight
  const scale = Math.min(1, LONGEST_PX / Math.max(width, height))
  const canvas = document.createElement('canvas')
  canvas.width = Math.max(1, Math.round(width * scale))
  canvas.height = Math.max(1, Math.round(height * scale))
  const pen = canvas.getContext('2d')
  if (pen) {
    pen.fillStyle = 'white' // a JPEG has no other place for what is transparent
    pen.fillRect(0, 0, canvas.width, canvas.height)
    const { naturalWidth, naturalHeight } = picture
    const [left, top] = [part.x * naturalWidth, part.y * naturalHeight]
    pen.drawImage(
      picture,
      ...([left, top, width, height] as const),
      ...([0, 0, canvas.width, canvas.height] as const),
    )
  }
  const blob = await new Promise<Blob | null>((done) =>
    pen ? canvas.toBlob(done, 'image/jpeg', 0.92) : done(null),
  )
  if (!blob) throw new Error('This browser could not cut the picture.')
  return new File([blob], name, { type: 'image/jpeg' })
}
