import { describe, expect, it } from 'vitest'
import { ApiError } from '@/api/client'
import { LARGEST, pick, refusal } from './picked-pictures'

const picture = (size: number) => {
  const file = new File([], 'beach.jpg', { type: 'image/jpeg' })
  Object.defineProperty(file, 'size', { value: size })
  return file
}

describe('a picture to search by', () => {
  it('may be as large as the API accepts, and not a byte larger', () => {
    expect(() => pick(picture(LARGEST))).not.toThrow()
    expect(() => pick(picture(LARGEST + 1))).toThrow('20.0 MB is the most')
  })

  it('is refused in the words of the API, which name the number', () => {
    const said = 'The picture has more than 20 MB.'
    expect(refusal(new ApiError(413, said))).toBe(said)
  })
})
