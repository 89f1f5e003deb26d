// Libraries and their folders: what was found, and how far every asset is.
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { Folder, Library } from '@/api/types'
import { Button } from '@/components/ui/button'
import { Page } from '@/components/ui/page'
import { EmptyState, ErrorState, LoadingLines } from '@/components/ui/states'
import { AgentsSection } from '@/features/agents/agents-section'
import { agentsQuery } from '@/features/agents/queries'
import { waitsForGpu } from '@/features/agents/texts'
import { foldersQuery } from '@/features/folders/queries'
import { FolderIntegrity } from '@/features/integrity/folder-integrity'
import { ModelsSection } from '@/features/models/models-section'
import { clockTime } from '@/lib/dates'
import { counted } from '@/lib/format'
import { readable } from '@/lib/quoted-path'
import { Freshness } from './freshness'
import { librariesQuery } from './queries'

export function LibrariesPage() {
  const libraries = useQuery(librariesQuery)

  return (
    <Page
      title="Libraries"
      lead="Where the pictures are, who looks at them, and what is known of each folder."
    >
      {libraries.isError && !libraries.data && (
        <ErrorState
          title="The libraries could not be loaded"
          error={libraries.error}
          onRetry={() => libraries.refetch()}
        />
      )}
      {libraries.isPending && <LoadingLines label="Loading the libraries" />}
      {libraries.data?.length === 0 && (
        <EmptyState title="No library yet">
          <p>
            Add one on the server: <code>home-media library add /path/to/photos</code>
          </p>
        </EmptyState>
      )}
      <ModelsSection />
      <AgentsSection />
      <div className="flex flex-col gap-10">
        {libraries.data?.map((library) => (
          <LibrarySection key={library.library} library={library} />
        ))}
      </div>
    </Page>
  )
}

function LibrarySection({ library }: { library: Library }) {
  const pages = useInfiniteQuery(foldersQuery(library.library))
  const folders = pages.data?.pages.flatMap((page) => page.folders) ?? []
  return (
    <section aria-label={library.library}>
      <div className="mb-3 flex flex-wrap items-baseline gap-x-3 gap-y-1">
        <h2 className="text-lg font-semibold">
          <Link
            to="/"
            search={{ library: library.library }}
            className="hover:underline"
          >
            <bdi>{library.library}</bdi>
          </Link>
        </h2>
        <State state={library.state} />
        <p className="text-sm text-soft">
          {counted(library.images, 'image')} · {counted(library.files, 'file')} ·{' '}
          {counted(library.folders, 'folder')}
        </p>
        <p className="w-full text-[13px] break-all text-soft">
          <bdi>{readable(library.root)}</bdi>
        </p>
      </div>
      {library.reason && <Reason>{library.reason}</Reason>}
      {pages.isPending && <LoadingLines label="Loading the folders" />}
      {pages.isError && folders.length === 0 && (
        <ErrorState
          title="The folders could not be loaded"
          error={pages.error}
          onRetry={() => pages.refetch()}
        />
      )}
      {pages.isSuccess && (
        <ul className="flex flex-col divide-y divide-line rounded-xl border border-line bg-raised">
          {folders.map((folder) => (
            <FolderRow key={folder.folder} folder={folder} />
          ))}
          {folders.length === 0 && (
            <li className="px-5 py-4 text-sm text-soft">
              No folder has been read yet.
            </li>
          )}
        </ul>
      )}
      {pages.hasNextPage && (
        <Button
          className="mt-4"
          disabled={pages.isFetchingNextPage}
          onClick={() => pages.fetchNextPage()}
        >
          Show more folders
        </Button>
      )}
    </section>
  )
}

function FolderRow({ folder }: { folder: Folder }) {
  const { data: agents } = useQuery(agentsQuery)
  return (
    <li className="grid gap-x-8 gap-y-3 px-4 py-3.5 sm:px-5 lg:grid-cols-[minmax(0,1fr)_minmax(0,1.7fr)]">
      <div className="min-w-0">
        <p className="flex flex-wrap items-baseline gap-x-2.5">
          <Link
            to="/"
            search={{ folder: folder.folder }}
            className="text-[15px] font-medium break-words hover:underline"
          >
            <bdi>{folder.path === '.' ? folder.library : readable(folder.path)}</bdi>
          </Link>
          {folder.state !== 'reachable' && <State state={folder.state} />}
        </p>
        <p className="text-[13px] text-soft">
          {counted(folder.images, 'image')}
          {folder.scanned_at
            ? ` · read ${clockTime(folder.scanned_at)}`
            : ' · not read yet'}
        </p>
        <FolderIntegrity integrity={folder.integrity} />
        {folder.reason && <Reason>{folder.reason}</Reason>}
      </div>
      <div className="grid grid-cols-2 items-center gap-x-5 gap-y-2 sm:grid-cols-3">
        {inOrder(folder.assets).map(([asset, counts]) => (
          <Freshness
            key={asset}
            asset={asset}
            counts={counts}
            forGpu={waitsForGpu(asset, agents)}
          />
        ))}
      </div>
    </li>
  )
}

/** The order in which work flows; an asset not named here comes last. */
const FLOW = [
  'files',
  'exif',
  'images',
  'thumbnails',
  'key_frames',
  'detections',
  'masks',
  'embeddings',
  'crop_embeddings',
  'taxonomy_links',
]

const inOrder = (assets: Folder['assets']) => {
  const place = (asset: string) =>
    FLOW.includes(asset) ? FLOW.indexOf(asset) : FLOW.length
  return Object.entries(assets).sort(([a], [b]) => place(a) - place(b))
}

const Reason = ({ children }: { children: string }) => (
  <p className="mt-1.5 mb-1 rounded-lg bg-bad-wash px-3 py-2 text-[13px] break-words text-bad">
    <bdi>{children}</bdi>
  </p>
)

const STATES: Record<string, string> = {
  reachable: 'text-good',
  unreachable: 'text-bad',
}

const State = ({ state }: { state: string }) => (
  <span className={`text-[13px] font-medium ${STATES[state] ?? 'text-soft'}`}>
    <span aria-hidden="true">● </span>
    {state}
  </span>
)
