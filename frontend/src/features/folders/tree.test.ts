// A level of the tree is sorted and named as people read it, and narrows the timeline.
import { expect, it } from 'vitest'
import { drawNode } from '@/testing/drawn-library'
import { leadsTo, narrowedTo, nodesAt, upToChosen } from './tree'

const names = (...found: string[]) =>
  nodesAt(
    1,
    found.map((name) => drawNode(`photos/${name}`, 1)),
  ).map(({ name }) => name)

it('sorts names as people do', () => {
  expect(names('10', '9', 'a')).toEqual(['9', '10', 'a'])
})

it('shows quoted names readably, and hides nothing in them', () => {
  expect(names('caf%C3%A9', 'a%E2%80%AEb')).toEqual(['a\\u202eb', 'café'])
})

it('narrows to a folder by its key and to a root by its library', () => {
  const [photos] = nodesAt(0, [drawNode('photos', 1)])
  const [year] = nodesAt(1, [drawNode('photos/2024', 1)])
  if (!photos || !year) throw new Error('there is a tree')
  expect(narrowedTo({ rating: 4 }, year)).toMatchObject({
    folder: 'photos/2024',
    rating: 4,
  })
  expect(narrowedTo({}, photos)).toMatchObject({ library: 'photos', folder: undefined })
  expect(leadsTo({ folder: 'photos/2024' }, photos)).toBe(true)
})

it('shows so many of a level that the way to the chosen folder is among them', () => {
  const level = nodesAt(
    1,
    Array.from({ length: 9 }, (_, at) => drawNode(`photos/${at}`, 1)),
  )
  expect(upToChosen({}, level)).toBe(0)
  expect(upToChosen({ folder: 'photos/3' }, level)).toBe(4)
  expect(upToChosen({ folder: 'photos/7/below' }, level)).toBe(8)
})
