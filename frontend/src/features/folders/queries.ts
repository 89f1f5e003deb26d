// What is asked about folders.
import { queryOptions } from '@tanstack/react-query'
import { api, unwrap } from '@/api/client'

/** Every folder with its state and how far each asset is; asked again while work goes on. */
export const foldersQuery = queryOptions({
  queryKey: ['folders'],
  queryFn: ({ signal }) => unwrap(api.GET('/api/folders', { signal })),
  refetchInterval: 20_000,
})
