// How large rows are, for the width there is.
import { useMemo } from 'react'
import type { Frame } from './justify'

/** Rows of about 120 px on phones, 220 px elsewhere. */
export function useFrame(width: number): Frame {
  return useMemo(
    () => ({ width, rowHeight: width < 600 ? 120 : 220, gap: width < 600 ? 2 : 4 }),
    [width],
  )
}
