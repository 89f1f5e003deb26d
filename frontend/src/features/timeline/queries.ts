// What the timeline asks the API.
import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { api, unwrap } from '@/api/client'
import type { Filters } from '@/features/filters/filters'

const MINUTE = 60_000

/** The buckets of a timeline, newest first. Asked again while it is looked at. */
export const timelineQuery = (filters: Filters) =>
  queryOptions({
    queryKey: ['timeline', filters],
    queryFn: ({ signal }) =>
      unwrap(api.GET('/api/timeline', { params: { query: filters }, signal })),
    refetchInterval: ({ state }) => (state.data?.count === 0 ? 3_000 : MINUTE),
  })

/** The pictures of one bucket, as columns. `count` renews it when the bucket grew. */
export const bucketQuery = (filters: Filters, bucket: string, count: number) =>
  queryOptions({
    queryKey: ['timeline', filters, 'bucket', bucket, count],
    queryFn: ({ signal }) =>
      unwrap(
        api.GET('/api/timeline/{bucket}', {
          params: { path: { bucket }, query: filters },
          signal,
        }),
      ),
    staleTime: 10 * MINUTE,
    gcTime: 10 * MINUTE,
  })

export const facetsQuery = queryOptions({
  queryKey: ['facets'],
  queryFn: ({ signal }) => unwrap(api.GET('/api/facets', { signal })),
  placeholderData: keepPreviousData,
  staleTime: MINUTE,
})
