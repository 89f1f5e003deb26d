// How answers are kept, and when a question is asked again.
import { QueryClient } from '@tanstack/react-query'
import { ApiError } from '@/api/client'

/** Retries what may pass (the network, a busy server), never what the API refused. */
const mayPass = (failures: number, error: Error) =>
  failures < 2 && !(error instanceof ApiError && error.status < 500)

export const makeQueryClient = () =>
  new QueryClient({
    defaultOptions: {
      queries: { staleTime: 15_000, retry: mayPass, retryDelay: 700 },
    },
  })
