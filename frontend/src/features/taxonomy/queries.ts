// What is asked about the taxonomy, and about a detector's own words.
import { queryOptions } from '@tanstack/react-query'
import { api, unwrap } from '@/api/client'

/** The tree, with how many images show each node. */
export const taxaQuery = queryOptions({
  queryKey: ['taxa'],
  queryFn: ({ signal }) => unwrap(api.GET('/api/taxa', { signal })),
  staleTime: 60_000,
  refetchInterval: 60_000,
})

/** The words of the detector, with how many images have each. */
export const labelsQuery = queryOptions({
  queryKey: ['labels'],
  queryFn: ({ signal }) => unwrap(api.GET('/api/labels', { signal })),
  staleTime: 60_000,
})
