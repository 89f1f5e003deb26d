// Paints a ThumbHash. A canvas, because the content security policy refuses data: images.
import { memo, useLayoutEffect, useRef } from 'react'
import { thumbHashToRGBA } from 'thumbhash'

/** A blurred stand-in for a picture, from its base64 ThumbHash of about 25 bytes. */
export const ThumbhashCanvas = memo(function ThumbhashCanvas({
  hash,
  className,
}: {
  hash: string | null | undefined
  className?: string
}) {
  const canvas = useRef<HTMLCanvasElement>(null)

  useLayoutEffect(() => {
    const pixels = hash ? decode(hash) : undefined
    const context = pixels && canvas.current?.getContext('2d')
    if (!canvas.current || !context) return
    canvas.current.width = pixels.width
    canvas.current.height = pixels.height
    context.putImageData(pixels, 0, 0)
  }, [hash])

  return <canvas ref={canvas} className={className} />
})

function decode(hash: string): ImageData | undefined {
  try {
    const bytes = Uint8Array.from(atob(hash), (character) => character.charCodeAt(0))
    const { w, h, rgba } = thumbHashToRGBA(bytes)
    return new ImageData(new Uint8ClampedArray(rgba), w, h)
  } catch {
    return undefined // A placeholder is a courtesy: without one the ground colour shows.
  }
}
