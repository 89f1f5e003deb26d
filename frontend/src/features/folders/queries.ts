// What is asked about folders.
import {
  infiniteQueryOptions,
  keepPreviousData,
  queryOptions,
} from '@tanstack/react-query'
import { api, unwrap } from '@/api/client'
import type { Folder, FolderNode } from '@/api/types'

const MINUTE = 60_000

/** The libraries as roots of the tree: a few lines, and the same answer costs none. */
export const rootsQuery = queryOptions({
  queryKey: ['folders', 'tree'],
  queryFn: ({ signal }) => unwrap(api.GET('/api/folders/tree', { signal })),
  refetchInterval: MINUTE,
})

/** The directories directly below one. Its counts renew it when something came or went. */
export const childrenQuery = ({ folder, images, folders }: FolderNode) =>
  queryOptions({
    queryKey: ['folders', 'tree', folder, images, folders],
    queryFn: ({ signal }) =>
      unwrap(
        api.GET('/api/folders/tree', { params: { query: { parent: folder } }, signal }),
      ),
    placeholderData: keepPreviousData,
    staleTime: 10 * MINUTE,
    gcTime: 10 * MINUTE,
  })

/** A library's folders with how far each asset is, page by page; again while work goes on. */
export const foldersQuery = (library: string) =>
  infiniteQueryOptions({
    queryKey: ['folders', 'pages', library],
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET('/api/folders', {
          params: { query: { library, after: pageParam } },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
    refetchInterval: ({ state }) => {
      const folders = state.data?.pages.flatMap((page) => page.folders) ?? []
      return folders.some(isUnfinished) ? MINUTE / 2 : 5 * MINUTE
    },
  })

const isUnfinished = ({ assets }: Folder) =>
  Object.values(assets).some(({ waiting, stale }) => waiting + stale > 0)
