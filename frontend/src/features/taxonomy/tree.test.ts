// Taxa become a tree of what there is, named and found in the reader's language.
import { describe, expect, it } from 'vitest'
import { TAXA } from '@/testing/drawn-search'
import { isBelow, nameIn, searched, treeOf } from './tree'

describe('the tree of taxa', () => {
  it('shows what pictures show, sorted by name, with own and inherited counts', () => {
    const tree = treeOf(TAXA, 'en')
    expect(tree.map(({ name }) => name)).toEqual(['Animal', 'Vehicle'])
    const [, vehicle] = tree
    expect(vehicle).toMatchObject({ own: 0, total: 41, depth: 0 })
    expect(vehicle?.children.map(({ name, depth }) => [name, depth])).toEqual([
      ['Bicycle', 1],
      ['Truck', 1],
    ])
  })

  it('leaves out what no picture shows', () => {
    const names = JSON.stringify(treeOf(TAXA, 'en'))
    expect(names).not.toContain('Unicorn')
  })

  it('is named in German for who reads German', () => {
    expect(treeOf(TAXA, 'de').map(({ name }) => name)).toEqual(['Fahrzeug', 'Tier'])
    expect(nameIn({ en: 'Truck' }, 'vehicle.truck', 'de')).toBe('Truck')
    expect(nameIn({}, 'vehicle.fire_truck', 'de')).toBe('fire truck')
  })

  it.each(['lastwagen', 'TRUCK', 'ruck'])('finds %s, with what leads there', (word) => {
    expect(searched(TAXA, word).map(({ taxon }) => taxon)).toEqual([
      'vehicle',
      'vehicle.truck',
    ])
  })

  it('finds words without their accents', () => {
    const baby = { taxon: 'person.baby', parent: 'person', names: { de: 'Säugling' } }
    expect(searched([{ ...baby, own: 1, total: 1 }], 'saugl')).toHaveLength(1)
  })

  it('knows what is below by whole steps', () => {
    expect(isBelow('animal.dog', 'animal')).toBe(true)
    expect(isBelow('animals', 'animal')).toBe(false)
    expect(isBelow(undefined, 'animal')).toBe(false)
  })
})
