// What is asked about the objects in an image.
import { queryOptions } from '@tanstack/react-query'
import { api, unwrap } from '@/api/client'

/** What the models found in one image, the surest first. */
export const detectionsQuery = (image_id: string) =>
  queryOptions({
    queryKey: ['images', 'detections', image_id],
    queryFn: ({ signal }) =>
      unwrap(
        api.GET('/api/images/{image_id}/detections', {
          params: { path: { image_id } },
          signal,
        }),
      ),
    staleTime: 5 * 60_000,
  })
