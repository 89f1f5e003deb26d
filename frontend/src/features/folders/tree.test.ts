// Folders become a tree that also names the directories between them.
import { expect, it } from 'vitest'
import { drawFolder } from '@/testing/drawn-library'
import { leadsTo, narrowedTo, treeOf } from './tree'

it('sums images upwards and adds the directories between', () => {
  const [photos] = treeOf([drawFolder('2024/beach', 5), drawFolder('2024/snow', 7)])
  expect(photos?.images).toBe(12)
  expect(photos?.children.map(({ key, images }) => [key, images])).toEqual([
    ['photos/2024', 12],
  ])
})

it('sorts names as people do', () => {
  const [photos] = treeOf([drawFolder('10', 1), drawFolder('9', 1), drawFolder('a', 1)])
  expect(photos?.children.map(({ name }) => name)).toEqual(['9', '10', 'a'])
})

it('shows quoted names readably, and hides nothing in them', () => {
  const [photos] = treeOf([drawFolder('caf%C3%A9', 1), drawFolder('a%E2%80%AEb', 1)])
  expect(photos?.children.map(({ name }) => name)).toEqual(['a\\u202eb', 'café'])
})

it('narrows to a folder by its key and to a root by its library', () => {
  const [photos] = treeOf([drawFolder('2024', 1)])
  const [year] = photos?.children ?? []
  if (!photos || !year) throw new Error('there is a tree')
  expect(narrowedTo({ rating: 4 }, year)).toMatchObject({
    folder: 'photos/2024',
    rating: 4,
  })
  expect(narrowedTo({}, photos)).toMatchObject({ library: 'photos', folder: undefined })
  expect(leadsTo({ folder: 'photos/2024' }, photos)).toBe(true)
})
