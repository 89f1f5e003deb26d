// Dates, numbers and paths in words.
import { describe, expect, it } from 'vitest'
import { fullDate, longDate, monthName, shortDay, wallTime } from './dates'
import { coordinates, fileSize, playingTime, shutter } from './format'
import { readable, visible } from './quoted-path'

describe('a wall date', () => {
  it('is the day the camera showed, in any zone of the reader', () => {
    for (const zone of ['Pacific/Kiritimati', 'Pacific/Pago_Pago', 'UTC']) {
      process.env.TZ = zone
      expect(longDate('2019-07-03T23:59:59')).toBe('3 July 2019')
      expect(longDate('2019-07-03T00:00:00')).toBe('3 July 2019')
    }
    delete process.env.TZ
  })

  it('is said in full, in short, by month and by time', () => {
    expect(fullDate('2019-07-03')).toBe('Wednesday 3 July 2019')
    expect(shortDay('2019-07-03')).toBe('Wed 3 Jul')
    expect(monthName('2019-07')).toBe('July 2019')
    expect(wallTime('2019-07-03T14:02:11.25')).toBe('14:02:11')
  })
})

it('says numbers as people do', () => {
  expect(fileSize(0)).toBe('0 B')
  expect(fileSize(8_123_456)).toBe('8.1 MB')
  expect(playingTime(7)).toBe('0:07')
  expect(playingTime(3849)).toBe('1:04:09')
  expect(shutter(0.004)).toBe('1/250 s')
  expect(shutter(2.5)).toBe('2.5 s')
  expect(coordinates(-33.86, 151.2)).toBe('33.8600° S, 151.2000° E')
})

describe('a quoted path', () => {
  it.each([
    ['a%25b', 'a%b'],
    ['new%0Aline', 'new\\u000aline'],
    ['%FF%FE.jpg', '\ufffd\ufffd.jpg'],
    ['right%E2%80%AEleft', 'right\\u202eleft'],
    ['100%', '100%'],
    ['%zz', '%zz'],
  ])('%s is shown as %s', (quoted, shown) => {
    expect(readable(quoted)).toBe(shown)
  })

  it('keeps ordinary letters of every script', () => {
    expect(visible('Ümläut 東京 🐕.jpg')).toBe('Ümläut 東京 🐕.jpg')
  })
})
