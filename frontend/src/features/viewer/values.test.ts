// Every value is said in words, beside where it came from.
import { expect, it } from 'vitest'
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
  ['person', 'you'],
  ['sidecar:a.xmp', 'a.xmp'],
  ['file name', 'file name'],
  ['mtime', 'file time'],
])('calls the source %s “%s”', (source, words) => {
  expect(sayingSource(source)).toBe(words)
})
