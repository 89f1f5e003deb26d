// What is asked when something is looked for.
import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { api, unwrap } from '@/api/client'
import type { Filters } from '@/features/filters/filters'

const MINUTE = 60_000

/** How many results a band has at first, and at most. */
export const AT_FIRST = 100
export const AT_MOST = 500

/** Pictures that fit words, a taxon or a meaning, in two bands; both end. */
export const searchQuery = ({ q = '', ...filters }: Filters, limit: number) =>
  queryOptions({
    queryKey: ['search', { q, ...filters }, limit],
    queryFn: ({ signal }) =>
      unwrap(
        api.GET('/api/search', { params: { query: { q, ...filters, limit } }, signal }),
      ),
    enabled: q !== '',
    placeholderData: keepPreviousData,
    staleTime: 5 * MINUTE,
    // A model that is being loaded will have been loaded soon.
    refetchInterval: ({ state }) => (state.data?.producer === null ? 10_000 : false),
  })

/** Pictures that look like a file that was picked; it is sent once and kept by nobody. */
export const pictureQuery = (name: string, file: File | undefined) =>
  queryOptions({
    queryKey: ['search', 'picture', name],
    queryFn: ({ signal }) =>
      unwrap(
        api.POST('/api/search/image', {
          params: { query: { limit: AT_FIRST } },
          body: { file: '' },
          bodySerializer: () => {
            const form = new FormData()
            form.append('file', file as File)
            return form
          },
          signal,
        }),
      ),
    enabled: file !== undefined,
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  })

/** Pictures that look like one, most alike first. */
export const similarImagesQuery = (image_id: string) =>
  queryOptions({
    queryKey: ['images', 'similar', image_id],
    queryFn: ({ signal }) =>
      unwrap(
        api.GET('/api/images/{image_id}/similar', {
          params: { path: { image_id }, query: { limit: AT_FIRST } },
          signal,
        }),
      ),
    staleTime: 5 * MINUTE,
  })

/** Objects that look like one, most alike first. */
export const similarDetectionsQuery = (detection_id: string) =>
  queryOptions({
    queryKey: ['detections', 'similar', detection_id],
    queryFn: ({ signal }) =>
      unwrap(
        api.GET('/api/detections/{detection_id}/similar', {
          params: { path: { detection_id }, query: { limit: AT_FIRST } },
          signal,
        }),
      ),
    staleTime: 5 * MINUTE,
  })
