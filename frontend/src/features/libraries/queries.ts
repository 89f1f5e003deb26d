// What is asked about libraries.
import { queryOptions } from '@tanstack/react-query'
import { api, unwrap } from '@/api/client'

/** Every library with its state and counts. */
export const librariesQuery = queryOptions({
  queryKey: ['libraries'],
  queryFn: ({ signal }) => unwrap(api.GET('/api/libraries', { signal })),
  refetchInterval: 20_000,
})
