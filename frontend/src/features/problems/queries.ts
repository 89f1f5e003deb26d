// What is asked about problems.
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { api, unwrap } from '@/api/client'

const page = (after: string | undefined, limit: number, signal: AbortSignal) =>
  unwrap(api.GET('/api/problems', { params: { query: { after, limit } }, signal }))

/** Files that could not be read or shown fully, page by page. */
export const problemsQuery = infiniteQueryOptions({
  queryKey: ['problems', 'pages'],
  queryFn: ({ pageParam, signal }) => page(pageParam, 100, signal),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: ({ next }) => next ?? undefined,
})

/** How many problems there are. */
export const problemCountQuery = queryOptions({
  queryKey: ['problems', 'count'],
  queryFn: ({ signal }) => page(undefined, 1, signal),
  select: ({ count }) => count,
  refetchInterval: 60_000,
})
