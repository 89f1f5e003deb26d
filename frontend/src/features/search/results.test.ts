// Results are one sequence, and say why they are there.
import { describe, expect, it } from 'vitest'
import { drawHit } from '@/testing/drawn-search'
import { images } from '@/testing/server'
import { neighboursIn, reasonOf, sequenceOf } from './results'

const hits = images.slice(0, 4).map((image) => drawHit(image, 0.31))

describe('results', () => {
  it('are one sequence over their bands, each picture once', () => {
    const [a, b, c, d] = hits
    if (!a || !b || !c || !d) throw new Error('hits were drawn')
    const bands = [
      { name: 'likely', hits: [a, b, a] },
      { name: 'possible', hits: [c, b, d] },
    ]
    const ids = sequenceOf(bands).map(({ image_id }) => image_id)
    expect(ids).toEqual([a, b, c, d].map(({ image_id }) => image_id))
    const beside = neighboursIn(sequenceOf(bands), c.image_id)
    expect([beside.newer?.image_id, beside.older?.image_id]).toEqual([
      b.image_id,
      d.image_id,
    ])
    expect([beside.number, beside.total]).toEqual([3, 4])
    expect(neighboursIn(sequenceOf(bands), 'elsewhere').number).toBeUndefined()
  })

  it('say why they are there', () => {
    const [hit] = hits
    if (!hit) throw new Error('hits were drawn')
    expect(reasonOf({ ...hit, source: 'meaning' })).toBe('Alike: 0.31')
    expect(reasonOf({ ...hit, source: 'words' })).toBe('In its name, title or keywords')
    expect(reasonOf({ ...hit, source: 'taxon', time_offset: 65 })).toBe(
      'Seen in it at 1:05, 31 %',
    )
  })
})
