// Finds a picture in the timeline, and the ones beside it, across buckets.
import type { QueryClient } from '@tanstack/react-query'
import type { Bucket, BucketSummary } from '@/api/types'
import type { Filters } from '@/features/filters/filters'
import { imageQuery } from '@/features/viewer/queries'
import { bucketQuery } from './queries'

/** A place in the timeline: which bucket, and which of its pictures. */
export type Spot = { bucket: number; index: number }

/** The spot that a picture's link names. */
export function spotOf(element: EventTarget): Spot | undefined {
  const link = element instanceof HTMLElement && element.closest('[data-spot]')
  const spot = link ? link.getAttribute('data-spot') : ''
  const [bucket, index] = (spot ?? '').split(':').map(Number)
  return bucket === undefined || index === undefined ? undefined : { bucket, index }
}

/** What the viewer needs of a picture before its details arrive. */
export type Glimpse = {
  image_id: string
  content_id: string
  kind: string
  ratio: number
  thumbhash: string | null
}

export function glimpse(columns: Bucket, index: number): Glimpse | undefined {
  const image_id = columns.image_id[index]
  if (image_id === undefined) return undefined
  return {
    image_id,
    content_id: columns.content_id[index] ?? '',
    kind: columns.kind[index] ?? 'picture',
    ratio: columns.ratio[index] ?? 1,
    thumbhash: columns.thumbhash[index] ?? null,
  }
}

type Timeline = { client: QueryClient; filters: Filters; buckets: BucketSummary[] }

const columnsOf = ({ client, filters, buckets }: Timeline, at: number) => {
  const summary = buckets[at]
  if (!summary) return Promise.resolve(undefined)
  return client.ensureQueryData(bucketQuery(filters, summary.bucket, summary.count))
}

/** Where an image is: among the loaded buckets, else in those of its month. */
export async function locate(
  timeline: Timeline,
  imageId: string,
): Promise<Spot | undefined> {
  const { client, filters, buckets } = timeline
  for (const [bucket, summary] of buckets.entries()) {
    const { queryKey } = bucketQuery(filters, summary.bucket, summary.count)
    const index = client.getQueryData(queryKey)?.image_id.indexOf(imageId) ?? -1
    if (index >= 0) return { bucket, index }
  }
  const image = await client.ensureQueryData(imageQuery(imageId))
  const month = String(image.values.taken_at?.value ?? '').slice(0, 7)
  for (const [bucket, summary] of buckets.entries()) {
    if (summary.month !== month) continue
    const columns = await columnsOf(timeline, bucket)
    const index = columns?.image_id.indexOf(imageId) ?? -1
    if (index >= 0) return { bucket, index }
  }
  return undefined
}

/** The picture one step newer (-1) or older (1); undefined at either end. */
export async function beside(
  timeline: Timeline,
  { bucket, index }: Spot,
  step: -1 | 1,
): Promise<Glimpse | undefined> {
  const columns = await columnsOf(timeline, bucket)
  const here = columns && glimpse(columns, index + step)
  if (here) return here
  const neighbour = await columnsOf(timeline, bucket + step)
  return neighbour && glimpse(neighbour, step === 1 ? 0 : neighbour.image_id.length - 1)
}
