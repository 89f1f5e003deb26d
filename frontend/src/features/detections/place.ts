// Where a box of fractions lies in whatever is as large as the picture.
import type { CSSProperties } from 'react'
import type { Box } from '@/api/types'

const percent = (fraction: number) => `${fraction * 100}%`

export const place = ([x = 0, y = 0, width = 0, height = 0]: Box): CSSProperties => ({
  left: percent(x),
  top: percent(y),
  width: percent(width),
  height: percent(height),
})

export const areaOf = ([, , width = 0, height = 0]: Box) => width * height
