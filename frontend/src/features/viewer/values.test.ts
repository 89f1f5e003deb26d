// Every value is said in words, beside where it came from.
import { expect, it } from 'vitest'
import { knownDate } from '@/lib/dates'
import { drawDetail, drawImages } from '@/testing/drawn-library'
import { linesOf, sayingSource } from './values'

it('says values in words with their source', () => {
  const [image] = drawImages(1)
  if (!image) throw new Error('one image was drawn')
  const lines = linesOf(drawDetail(image))
  expect(lines).toContainEqual({
    label: 'Exposure',
    text: '1/250 s',
    source: 'in the file',
  })
  expect(lines).toContainEqual({
    label: 'UTC offset',
    text: 'UTC+02:00',
    source: 'in the file',
  })
  expect(lines).toContainEqual({
    label: 'Rating',
    text: '4 of 5',
    source: 'DSC_0412.xmp',
  })
})

it.each([
  ['year', '1993'],
  ['month', 'July 1993'],
  ['day', '3 July 1993'],
  ['minute', '3 July 1993, 14:02'],
  ['second', '3 July 1993, 14:02:11'],
])('says no more of a date than the %s', (precision, words) => {
  expect(knownDate('1993-07-03T14:02:11', precision)).toContain(words)
})

it.each([
  ['person', 'you'],
  ['sidecar:a.xmp', 'a.xmp'],
  ['file name', 'file name'],
  ['mtime', 'file time'],
])('calls the source %s “%s”', (source, words) => {
  expect(sayingSource(source)).toBe(words)
})
