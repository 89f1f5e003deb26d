// Run lengths that pycocotools wrote come back as the pixels they were made from.
import { describe, expect, it } from 'vitest'
import { pixelsOf, runsOf } from './rle'

const RED = 0xff0000ff
const CIRCLE =
  'cX4c0Q38I6K4L4L4L4M2N2M4M2N2N2N2N2N2N2O0O2N2N2O0O2O0O2O0O2O0O2O000O2O00000O2O000000000000000000000000000000000001N1000001N10001N101N101N101N101N2N2N101N2N2N2N2N2N2N3L3N2N3L4L4L4L5J7HiQ4'

const drawn = (height: number, width: number, counts: string) => {
  const pixels = pixelsOf({ size: [height, width], counts }, RED)
  return Array.from({ length: height }, (_, row) =>
    Array.from(pixels.subarray(row * width, (row + 1) * width), (pixel) =>
      pixel ? '#' : '.',
    ).join(''),
  )
}

describe('a mask', () => {
  it('may be empty or full, down to one pixel', () => {
    expect(drawn(3, 4, '<')).toEqual(['....', '....', '....'])
    expect(drawn(3, 4, '0<')).toEqual(['####', '####', '####'])
    expect(drawn(1, 1, '01')).toEqual(['#'])
    expect(drawn(1, 1, '1')).toEqual(['.'])
  })

  it('is read column by column', () => {
    expect(drawn(2, 2, '0120')).toEqual(['#.', '.#'])
    expect(drawn(3, 3, '013000')).toEqual(['#..', '.#.', '..#'])
  })

  it('of odd sides keeps its hole', () => {
    expect(drawn(5, 7, ';32NO0129')).toEqual([
      '.......',
      '..###..',
      '..#.#..',
      '..###..',
      '.......',
    ])
  })

  it('of long runs is as large as it was', () => {
    expect(runsOf('PYX?PYX?')).toEqual([500_000, 500_000])
  })

  it('of many differences is the circle it was drawn from', () => {
    const pixels = pixelsOf({ size: [120, 160], counts: CIRCLE }, RED)
    expect(pixels.filter(Boolean)).toHaveLength(6349)
    const wrong = [...pixels.entries()].filter(([at, pixel]) => {
      const [row, column] = [Math.floor(at / 160), at % 160]
      const inside = (row - 60) ** 2 + (column - 80) ** 2 < 45 ** 2
      return inside !== (pixel === RED)
    })
    expect(wrong).toEqual([])
  })

  it.each([
    ['runs too short', [2, 3], '5'],
    ['runs too long', [2, 3], '07'],
    ['a character that is none of COCO', [2, 3], '0 '],
    ['a run that breaks off', [2, 3], 'P'],
  ])('of %s is refused', (_, size, counts) => {
    const rle = { size: size as [number, number], counts: String(counts) }
    expect(() => pixelsOf(rle, RED)).toThrow(RangeError)
  })
})
