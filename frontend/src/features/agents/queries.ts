// What is asked about agents, the machines with a graphics card.
import { queryOptions } from '@tanstack/react-query'
import { api, unwrap } from '@/api/client'

/** Which machines there are, whether they are awake, and what waits for them. */
export const agentsQuery = queryOptions({
  queryKey: ['agents'],
  queryFn: ({ signal }) => unwrap(api.GET('/api/agents', { signal })),
  refetchInterval: 20_000,
})
