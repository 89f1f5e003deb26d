// The one door to the API: typed by its OpenAPI document.
import createClient from 'openapi-fetch'
import type { paths } from './schema'

/** Asks the API of the page's own origin. `fetch` is looked up late, so tests can fake it. */
export const api = createClient<paths>({
  baseUrl: globalThis.location?.origin ?? '',
  fetch: (request) => globalThis.fetch(request),
})

/** What the API said went wrong (RFC 9457 problem details), or that it did not answer. */
export class ApiError extends Error {
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.name = 'ApiError'
    this.status = status
  }
}

type Answer<T> = { data?: T; error?: unknown; response: Response }

/** The data of an answer; throws ApiError when there is none. */
export async function unwrap<T>(answer: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await answer
  if (response.ok && data !== undefined) return data
  throw new ApiError(response.status, messageOf(error, response))
}

function messageOf(problem: unknown, response: Response): string {
  if (typeof problem === 'object' && problem !== null) {
    const { detail, title } = problem as { detail?: unknown; title?: unknown }
    if (typeof detail === 'string') return detail
    if (typeof title === 'string') return title
  }
  return `The server answered ${response.status} ${response.statusText}`.trim()
}
