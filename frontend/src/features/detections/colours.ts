// Colours that tell neighbouring objects apart, on light and dark pictures alike.

const COLOURS = [
  '#4cc9f0',
  '#ffd166',
  '#ff5d5d',
  '#8ce05a',
  '#ff6fb5',
  '#b79cff',
  '#ff9f45',
  '#3fe0c5',
] as const

/** The colour of the nth object of an image, as CSS says it. */
export const colourOf = (at: number): string =>
  COLOURS[at % COLOURS.length] ?? COLOURS[0]

/** A CSS colour `#rrggbb` as an opaque pixel of a Uint32Array over RGBA bytes. */
export function pixelOf(colour: string): number {
  const rgb = Number.parseInt(colour.slice(1), 16)
  const bytes = [rgb >> 16, (rgb >> 8) & 0xff, rgb & 0xff, 0xff]
  return new Uint32Array(Uint8Array.from(bytes).buffer)[0] ?? 0
}
