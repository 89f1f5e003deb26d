// One mask over the picture, in one colour.
import { useEffect, useRef } from 'react'
import type { Detection } from '@/api/types'
import { pixelOf } from './colours'
import { maskBitmap } from './mask-bitmaps'
import { place } from './place'

type Props = {
  mask: NonNullable<Detection['mask']>
  colour: string
  strong: boolean
}

export function MaskCanvas({ mask, colour, strong }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    let abandoned = false
    maskBitmap(mask, pixelOf(colour)).then((bitmap) => {
      const target = canvas.current
      if (!bitmap || abandoned || !target) return bitmap?.close()
      target.width = bitmap.width
      target.height = bitmap.height
      target.getContext('bitmaprenderer')?.transferFromImageBitmap(bitmap)
      target.dataset.painted = ''
    })
    return () => {
      abandoned = true
    }
  }, [mask, colour])
  return (
    <canvas
      ref={canvas}
      className="pointer-events-none absolute transition-opacity duration-150"
      style={{ ...place(mask.box), opacity: strong ? 0.62 : 0.34 }}
    />
  )
}
