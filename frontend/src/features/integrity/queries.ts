// What is asked about originals: are they still what they were?
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { api, unwrap } from '@/api/client'

const page = (after: string | undefined, signal: AbortSignal) =>
  unwrap(
    api.GET('/api/integrity/damage', {
      params: { query: { after, limit: 100 } },
      signal,
    }),
  )

/** Damaged originals, page by page. */
export const damageQuery = infiniteQueryOptions({
  queryKey: ['integrity', 'damage'],
  queryFn: ({ pageParam, signal }) => page(pageParam, signal),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: ({ next }) => next ?? undefined,
})

/** How all originals together stand. */
export const integrityQuery = queryOptions({
  queryKey: ['integrity'],
  queryFn: ({ signal }) => unwrap(api.GET('/api/integrity', { signal })),
  refetchInterval: 30_000,
})
