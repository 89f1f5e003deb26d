// Decodes COCO run lengths, as pycocotools writes them.

/** A mask's window: `size` is (height, width) in pixels, `counts` the compressed runs. */
export type Rle = { size: readonly number[]; counts: string }

/** Run lengths in pixels, column by column, background first. */
export function runsOf(counts: string): number[] {
  const runs: number[] = []
  for (let at = 0; at < counts.length; ) {
    let run = 0
    let shift = 0
    let more = true
    while (more) {
      const code = counts.charCodeAt(at++) - 48
      if (!(code >= 0 && code < 64)) throw new RangeError('not COCO run lengths')
      more = (code & 0x20) !== 0
      run |= (code & 0x1f) << shift
      shift += 5
      if (!more && code & 0x10 && shift < 32) run |= -1 << shift
    }
    // From the third on, a run is told as its difference to the last of its colour.
    if (runs.length > 2) run += runs[runs.length - 2] ?? 0
    runs.push(run)
  }
  return runs
}

/**
 * The mask as pixels, row by row: `colour` (as in a Uint32Array over RGBA bytes) where it
 * is, transparent elsewhere.
 *
 * @throws RangeError when the runs do not fill the window exactly.
 */
export function pixelsOf({ size, counts }: Rle, colour: number): Uint32Array {
  const [height = 0, width = 0] = size
  const pixels = new Uint32Array(height * width)
  let at = 0
  let inside = false
  for (const run of runsOf(counts)) {
    const end = at + run
    if (run < 0 || end > pixels.length) throw new RangeError('runs leave the window')
    if (inside) {
      let column = Math.floor(at / height)
      let row = at - column * height
      for (let left = run; left > 0; left--) {
        pixels[row * width + column] = colour
        if (++row === height) {
          row = 0
          column++
        }
      }
    }
    at = end
    inside = !inside
  }
  if (at !== pixels.length) throw new RangeError('runs do not fill the window')
  return pixels
}
