// What is asked about models.
import { queryOptions } from '@tanstack/react-query'
import { api, unwrap } from '@/api/client'

/** Who looks at the pictures, how far they are, and what they wait for. */
export const modelsQuery = queryOptions({
  queryKey: ['models'],
  queryFn: ({ signal }) => unwrap(api.GET('/api/models', { signal })),
  refetchInterval: 20_000,
})
