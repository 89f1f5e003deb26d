// An address says which pictures are shown, and survives being read and written.
import { describe, expect, it } from 'vitest'
import { type Filters, homeOf, readFilters, writeFilters } from './filters'

const all: Filters = {
  from: '2019-01-01',
  to: '2024-12-31',
  folder: 'photos/2024/a b&c',
  library: 'photos',
  camera: 'Canon EOS R5',
  lens: 'RF24-105mm F4 L IS USM',
  kind: 'video',
  has_gps: false,
  rating: 4,
  taxon: 'vehicle.truck',
  label: 'fire hydrant',
  q: 'dog + "cat"',
}

describe('filters', () => {
  it('come back from an address as they went in', () => {
    const address = new URLSearchParams(writeFilters(all))
    expect(readFilters(Object.fromEntries(address))).toEqual(all)
  })

  it.each([
    { from: 'yesterday' },
    { from: '2024-13-45' },
    { kind: 'photo' },
    { rating: '9' },
    { rating: 'many' },
    { has_gps: 'maybe' },
    { taxon: 'a b' },
    { taxon: '.animal' },
    { label: ' ' },
    { q: '   ' },
    { anything: 'else' },
  ])('leave out what they do not understand: %j', (search) => {
    expect(readFilters(search)).toEqual({})
  })
})

it('are at home on the search page while they search, else on the timeline', () => {
  expect(homeOf({ q: 'dog', taxon: 'animal' })).toBe('/search')
  expect(homeOf({ taxon: 'animal' })).toBe('/')
})
