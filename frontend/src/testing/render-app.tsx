// Draws the whole gallery at an address, as a person would open it.
import { QueryClientProvider } from '@tanstack/react-query'
import { createMemoryHistory, RouterProvider } from '@tanstack/react-router'
import { render } from '@testing-library/react'
import { makeQueryClient } from '@/app/query-client'
import { makeRouter } from '@/app/router'

export function renderApp(address = '/') {
  const router = makeRouter(createMemoryHistory({ initialEntries: [address] }))
  const client = makeQueryClient()
  client.setDefaultOptions({ queries: { retry: false } })
  render(
    <QueryClientProvider client={client}>
      <RouterProvider router={router} />
    </QueryClientProvider>,
  )
  return router
}
