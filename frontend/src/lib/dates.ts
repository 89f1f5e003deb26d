// Words for wall dates. A picture's day is the one its camera showed; it is never converted.

const formatter = (options: Intl.DateTimeFormatOptions) => {
  const format = new Intl.DateTimeFormat('en-GB', { ...options, timeZone: 'UTC' })
  return (date: string) => format.format(asUtc(date))
}

/** The fields of a wall date read as if they were UTC, so that no zone can shift them. */
function asUtc(date: string): Date {
  const [year = 1970, month = 1, day = 1] = date.slice(0, 10).split('-').map(Number)
  return new Date(Date.UTC(year, month - 1, day))
}

const long = formatter({ day: 'numeric', month: 'long', year: 'numeric' })
const short = formatter({ weekday: 'short', day: 'numeric', month: 'short' })
const full = formatter({
  weekday: 'long',
  day: 'numeric',
  month: 'long',
  year: 'numeric',
})
const month = formatter({ month: 'long', year: 'numeric' })
const shortMonth = formatter({ month: 'short', year: 'numeric' })

/** 3 July 2019 */
export const longDate = (takenAt: string) => long(takenAt)
/** Wed 3 Jul */
export const shortDay = (takenAt: string) => short(takenAt).replace(',', '')
/** Wednesday 3 July 2019 */
export const fullDate = (takenAt: string) => full(takenAt).replace(',', '')
/** July 2019, from 2019-07 */
export const monthName = (key: string) => month(`${key.slice(0, 7)}-01`)
/** Jul 2019, from 2019-07 */
export const shortMonthName = (key: string) => shortMonth(`${key.slice(0, 7)}-01`)
/** As much of a date as is known: 1993, July 1993, 3 July 1993, or with the time. */
export function knownDate(takenAt: string, precision: unknown): string {
  if (precision === 'year') return takenAt.slice(0, 4)
  if (precision === 'month') return monthName(takenAt)
  const time = wallTime(takenAt).slice(0, precision === 'minute' ? 5 : 8)
  return precision === 'day' ? fullDate(takenAt) : `${fullDate(takenAt)}, ${time}`
}
/** 14:02:11, from 2019-07-03T14:02:11.25 */
export const wallTime = (takenAt: string) => takenAt.slice(11, 19)

const moment = new Intl.DateTimeFormat('en-GB', {
  dateStyle: 'medium',
  timeStyle: 'short',
})
/** When the server did something, on the reader's clock: that is no wall date. */
export const clockTime = (instant: string) => moment.format(new Date(instant))

const day = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium' })
/** The day of the same: 5 Jul 2024 */
export const clockDay = (instant: string) => day.format(new Date(instant))
