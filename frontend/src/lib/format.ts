// Words for numbers.

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB']

export function fileSize(bytes: number): string {
  const step = Math.min(
    UNITS.length - 1,
    Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)),
  )
  const value = bytes / 1000 ** step
  return `${value >= 100 || step === 0 ? Math.round(value) : value.toFixed(1)} ${UNITS[step]}`
}

/** 1:04:09, or 0:07 */
export function playingTime(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds))
  const rest = String(whole % 60).padStart(2, '0')
  const minutes = Math.floor(whole / 60)
  if (minutes < 60) return `${minutes}:${rest}`
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}:${rest}`
}

/** about 10 minutes, about 3 hours, about 2 days */
export function roughly(seconds: number): string {
  if (seconds < 60) return 'less than a minute'
  const [size, word] =
    seconds < 90 * 60
      ? ([60, 'minute'] as const)
      : seconds < 36 * 3600
        ? ([3600, 'hour'] as const)
        : ([86_400, 'day'] as const)
  return `about ${counted(Math.round(seconds / size), word)}`
}

/** 1/250 s, or 2.5 s */
export const shutter = (seconds: number) =>
  seconds > 0 && seconds < 0.4
    ? `1/${Math.round(1 / seconds)} s`
    : `${Number(seconds.toFixed(1))} s`

/** 48.1372° N, 11.5755° E */
export const coordinates = (latitude: number, longitude: number) =>
  `${Math.abs(latitude).toFixed(4)}° ${latitude < 0 ? 'S' : 'N'}, ${Math.abs(
    longitude,
  ).toFixed(4)}° ${longitude < 0 ? 'W' : 'E'}`

const whole = new Intl.NumberFormat('en-GB')
export const count = (value: number) => whole.format(value)

/** 1 image, 12 images */
export const counted = (value: number, one: string, many = `${one}s`) =>
  `${count(value)} ${value === 1 ? one : many}`
