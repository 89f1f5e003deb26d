// What the viewer reads from an image's details.
import type { ImageDetail } from '@/api/types'
import type { Glimpse } from '@/features/timeline/sequence'
import { visible } from '@/lib/quoted-path'

const primary = (image?: ImageDetail) =>
  image?.files.find(({ part }) => part === 'primary') ?? image?.files[0]
/** The name of its primary file. */
export const primaryName = (image?: ImageDetail) => {
  const file = primary(image)
  return file && visible(file.name)
}
export const primaryFormat = (image?: ImageDetail) => primary(image)?.format ?? ''

/** Its own size in pixels, where that is known. */
export function naturalSize(image?: ImageDetail) {
  const width = image?.values.width?.value
  const height = image?.values.height?.value
  return typeof width === 'number' && typeof height === 'number'
    ? { width, height }
    : undefined
}

export const glimpseOf = (image: ImageDetail): Glimpse => ({
  image_id: image.image_id,
  content_id: image.content_id,
  kind: image.kind,
  ratio: image.ratio ?? 1,
  thumbhash: image.thumbhash ?? null,
})
