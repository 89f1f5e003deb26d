// What the viewer reads of damage in an image's details.
import type { ImageDetail, ImageFile } from '@/api/types'

export type RottenFile = ImageFile & { damage: NonNullable<ImageFile['damage']> }

const isRotten = (file: ImageFile): file is RottenFile => file.damage !== null

export const damagedFiles = (image: ImageDetail | undefined): RottenFile[] =>
  image?.files.filter(isRotten) ?? []

/** Whether a download is a damaged file: of its copies, the API serves an intact one. */
export function servesDamage(image: ImageDetail | undefined): boolean {
  const served = image?.files.filter(
    ({ part, missing_since }) =>
      (part === 'primary' || part === 'copy') && missing_since === null,
  )
  return !!served?.length && served.every(isRotten)
}
