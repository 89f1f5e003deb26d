// Words for the values of an image: what the info panel says, and where each came from.
import type { ImageDetail } from '@/api/types'
import { knownDate } from '@/lib/dates'
import { coordinates, playingTime, shutter } from '@/lib/format'

export type Line = { label: string; text: string; source: string }

type Values = ImageDetail['values']
type Read = (value: unknown, values: Values) => string | undefined

const text = (value: unknown): string | undefined =>
  value === null || value === undefined || value === '' ? undefined : String(value)
const number =
  (say: (value: number) => string): Read =>
  (value) =>
    typeof value === 'number' && Number.isFinite(value) ? say(value) : undefined
const list: Read = (value) =>
  Array.isArray(value) && value.length > 0 ? value.map(named).join(', ') : undefined

/** A keyword, or the name of a person whose region a file marks. */
function named(entry: unknown): string {
  if (typeof entry === 'object' && entry !== null && 'name' in entry) {
    return String(entry.name)
  }
  return String(entry)
}

const FIELDS: [field: keyof ImageDetail['values'], label: string, read: Read][] = [
  ['title', 'Title', text],
  ['description', 'Description', text],
  [
    'taken_at',
    'Taken',
    (value, { taken_at_precision }) =>
      typeof value === 'string'
        ? knownDate(value, taken_at_precision?.value)
        : undefined,
  ],
  ['utc_offset', 'UTC offset', offset],
  ['rating', 'Rating', number((stars) => (stars < 0 ? 'Rejected' : `${stars} of 5`))],
  ['keywords', 'Keywords', list],
  ['people', 'People', list],
  ['make', 'Make', text],
  ['model', 'Model', text],
  ['lens', 'Lens', text],
  ['exposure_time', 'Exposure', number(shutter)],
  ['f_number', 'Aperture', number((f) => `f/${Number(f.toFixed(1))}`)],
  ['iso', 'ISO', text],
  ['focal_length', 'Focal length', number((mm) => `${Number(mm.toFixed(1))} mm`)],
  [
    'focal_length_35mm',
    'In 35 mm terms',
    number((mm) => `${Number(mm.toFixed(1))} mm`),
  ],
  ['altitude', 'Altitude', number((metres) => `${Math.round(metres)} m`)],
  ['duration', 'Duration', number(playingTime)],
]

/** UTC+02:00, from minutes or from a text such as +02:00. */
function offset(value: unknown): string | undefined {
  if (typeof value !== 'number') return text(value)
  const sign = value < 0 ? '−' : '+'
  const minutes = Math.abs(value)
  const two = (part: number) => String(Math.floor(part)).padStart(2, '0')
  return `UTC${sign}${two(minutes / 60)}:${two(minutes % 60)}`
}

/** The lines of the info panel, in a fixed order; a field without a value has none. */
export function linesOf(image: ImageDetail): Line[] {
  const lines = FIELDS.flatMap(([field, label, read]) => {
    const entry = image.values[field]
    const words = entry && read(entry.value, image.values)
    return words ? [{ label, text: words, source: sayingSource(entry.source) }] : []
  })
  const { latitude, longitude, width, height } = image.values
  if (typeof latitude?.value === 'number' && typeof longitude?.value === 'number') {
    lines.push({
      label: 'Place',
      text: coordinates(latitude.value, longitude.value),
      source: sayingSource(latitude.source),
    })
  }
  if (typeof width?.value === 'number' && typeof height?.value === 'number') {
    const megapixels = (width.value * height.value) / 1e6
    lines.push({
      label: 'Size',
      text: `${width.value} × ${height.value} · ${megapixels.toFixed(1)} MP`,
      source: sayingSource(width.source),
    })
  }
  return lines
}

const SOURCES: Record<string, string> = {
  exif: 'in the file',
  mtime: 'file time',
  person: 'you',
}

/** A source in words: a sidecar by its name, the file itself, a person. */
export function sayingSource(source: string | null | undefined): string {
  if (!source) return ''
  if (source.startsWith('sidecar:')) return source.slice('sidecar:'.length)
  return SOURCES[source] ?? source.replaceAll('_', ' ')
}
