// What the viewer asks the API.
import { queryOptions } from '@tanstack/react-query'
import { api, unwrap } from '@/api/client'
import { damagedFiles } from '@/features/integrity/damaged'

/** Everything known of one image, each value with its source. */
export const imageQuery = (image_id: string) =>
  queryOptions({
    queryKey: ['images', 'detail', image_id],
    queryFn: ({ signal }) =>
      unwrap(
        api.GET('/api/images/{image_id}', { params: { path: { image_id } }, signal }),
      ),
    // A damaged file may have been brought back.
    refetchInterval: ({ state }) =>
      damagedFiles(state.data).length > 0 ? 30_000 : false,
  })
