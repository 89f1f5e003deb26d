// What is asked about originals: are they still what they were?
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { api, unwrap } from '@/api/client'

const page = (after: string | undefined, limit: number, signal: AbortSignal) =>
  unwrap(
    api.GET('/api/integrity/damage', { params: { query: { after, limit } }, signal }),
  )

/** Damaged originals, page by page. */
export const damageQuery = infiniteQueryOptions({
  queryKey: ['integrity', 'damage'],
  queryFn: ({ pageParam, signal }) => page(pageParam, 100, signal),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: ({ next }) => next ?? undefined,
})

/** How many originals are damaged. Asked by every page; the list itself is short. */
export const damageCountQuery = queryOptions({
  queryKey: ['integrity', 'damage', 'count'],
  queryFn: ({ signal }) => page(undefined, 1, signal),
  select: ({ count }) => count,
  refetchInterval: 60_000,
})
