// The picture the viewer shows, the ones beside it, and where it stands in the timeline.
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { thumbnailUrl } from '@/api/addresses'
import type { Filters } from '@/features/filters/filters'
import { timelineQuery } from '@/features/timeline/queries'
import { beside, type Glimpse, glimpse, locate } from '@/features/timeline/sequence'
import { bucketQuery } from '../timeline/queries'

export type Neighbours = {
  image_id: string
  current?: Glimpse
  newer?: Glimpse
  older?: Glimpse
  /** From 1, of all pictures under the filters; absent for a picture outside them. */
  number?: number
  total: number
}

export function useNeighbours(imageId: string, filters: Filters): Neighbours {
  const client = useQueryClient()
  const timeline = useQuery(timelineQuery(filters))
  const { data } = useQuery({
    queryKey: ['neighbours', filters, imageId, timeline.data?.count ?? -1],
    enabled: timeline.data !== undefined,
    placeholderData: keepPreviousData,
    staleTime: 60_000,
    queryFn: async (): Promise<Neighbours> => {
      const { buckets, count: total } = timeline.data ?? { buckets: [], count: 0 }
      const all = { client, filters, buckets }
      const spot = await locate(all, imageId)
      const summary = spot && buckets[spot.bucket]
      if (!spot || !summary) return { image_id: imageId, total }
      const columns = client.getQueryData(
        bucketQuery(filters, summary.bucket, summary.count).queryKey,
      )
      const [newer, older] = await Promise.all([
        beside(all, spot, -1),
        beside(all, spot, 1),
      ])
      const before = buckets
        .slice(0, spot.bucket)
        .reduce((sum, { count }) => sum + count, 0)
      return {
        image_id: imageId,
        current: columns && glimpse(columns, spot.index),
        newer,
        older,
        number: before + spot.index + 1,
        total,
      }
    },
  })

  useEffect(() => {
    if (data?.image_id !== imageId) return
    for (const near of [data.older, data.newer]) {
      if (!near) continue
      new Image().src = thumbnailUrl(near.content_id, 2048)
    }
  }, [data, imageId])

  if (!data) return { image_id: imageId, total: 0 }
  if (data.image_id === imageId) return data
  // On the way to a neighbour: it is already known what to show, not yet what is next.
  const current = [data.newer, data.older].find((near) => near?.image_id === imageId)
  return { image_id: imageId, current, total: data.total }
}
