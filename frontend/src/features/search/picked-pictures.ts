// Pictures that were chosen to search by: kept in this page's memory, and nowhere else.
import type { LargestPicture } from '@/api/types'
import { fileSize } from '@/lib/format'
import type { Part } from './part'

/** The most that the API accepts, in bytes: its own number, or this does not compile. */
export const LARGEST: LargestPicture = 20_000_000

/** What is searched by; `cut` says from which picture, if it is only a part. */
type Picked = { file: File; cut?: { from: File; part: Part } }

const picked = new Map<string, Picked>()
let picks = 0

/**
 * Keeps a picture for a search; returns the name of its address.
 *
 * @throws Error in words for people: it is no picture, empty, or too large.
 */
export function pick(file: File, cut?: Picked['cut']): string {
  if (file.type !== '' && !file.type.startsWith('image/')) {
    throw new Error(`“${file.name}” is not a picture.`)
  }
  if (file.size === 0) throw new Error(`“${file.name}” is empty.`)
  if (file.size > LARGEST) {
    throw new Error(
      `“${file.name}” is too large: ${fileSize(file.size)}, and ${fileSize(LARGEST)} is the most.`,
    )
  }
  // Never the name of an earlier pick, which an address may still hold after a reload.
  const name = `${Date.now().toString(36)}-${++picks}`
  picked.set(name, { file, cut })
  return name
}

export const pickedPicture = (name: string) => picked.get(name)

/** What the API refused a picture for, in words for people. */
export function refusal(error: unknown): string {
  return error instanceof Error ? error.message : 'The server could not be reached.'
}
