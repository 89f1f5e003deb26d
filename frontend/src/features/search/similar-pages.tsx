// What looks like an image, or like one object in it.
import { useQuery } from '@tanstack/react-query'
import { useCanGoBack, useNavigate, useParams, useRouter } from '@tanstack/react-router'
import { type ReactNode, useMemo } from 'react'
import { thumbnailUrl } from '@/api/addresses'
import { IconButton } from '@/components/ui/button'
import { IconBack } from '@/components/ui/icons'
import { EmptyState, ErrorState } from '@/components/ui/states'
import { LoadingTimeline } from '@/features/timeline/loading-timeline'
import { imageQuery } from '@/features/viewer/queries'
import { similarDetectionsQuery, similarImagesQuery } from './queries'
import type { Band } from './results'
import { ResultsPage } from './results-page'

type Found = {
  data: readonly Band['hits'][number][] | undefined
  isError: boolean
  error: unknown
  refetch: () => unknown
}

/** Pictures that look like one. */
export function SimilarImages() {
  const { imageId = '', shownId } = useParams({ strict: false })
  const image = useQuery(imageQuery(imageId))
  const found = useQuery({
    ...similarImagesQuery(imageId),
    select: ({ images }) => images,
  })
  return (
    <Similar
      found={found}
      path={`/images/${imageId}/similar`}
      shownId={shownId}
      title="Similar pictures"
      nothing="No other picture looks like this one, or it has not been looked at yet."
      picture={
        image.data && (
          <img
            src={thumbnailUrl(image.data.content_id, 256)}
            alt=""
            className="size-14 rounded-lg bg-sunken object-cover"
          />
        )
      }
    />
  )
}

/** Objects that look like one. */
export function SimilarDetections() {
  const { detectionId = '', shownId } = useParams({ strict: false })
  const found = useQuery({
    ...similarDetectionsQuery(detectionId),
    select: ({ detections }) => detections,
  })
  return (
    <Similar
      found={found}
      path={`/detections/${detectionId}/similar`}
      shownId={shownId}
      title="More like this"
      nothing="No other object looks like this one, or they have not been compared yet."
    />
  )
}

type Props = {
  found: Found
  path: string
  shownId: string | undefined
  title: string
  nothing: string
  picture?: ReactNode
}

const Similar = (props: Props) => (
  <>
    <h1 className="sr-only">What looks alike</h1>
    <Answer {...props} />
  </>
)

function Answer({ found, path, shownId, title, nothing, picture }: Props) {
  const router = useRouter()
  const navigate = useNavigate()
  const canGoBack = useCanGoBack()
  const bands = useMemo(
    () => [{ name: title, hits: found.data ?? [] }],
    [title, found.data],
  )
  const header = (
    <header className="flex items-center gap-3 pt-4 pb-4">
      <IconButton
        label="Back"
        onClick={() =>
          canGoBack ? router.history.back() : navigate({ to: '/', search: {} })
        }
      >
        <IconBack />
      </IconButton>
      {picture}
      <div>
        <h2 className="text-lg font-semibold">{title}</h2>
        <p className="text-[13px] text-soft">Most alike first</p>
      </div>
    </header>
  )
  if (found.isError && !found.data) {
    return (
      <ErrorState
        title="They could not be loaded"
        error={found.error}
        onRetry={() => found.refetch()}
      />
    )
  }
  if (!found.data) return <LoadingTimeline label="Comparing" />
  if (found.data.length === 0) {
    return (
      <div className="flex h-full flex-col">
        <div className="px-3 sm:px-6">{header}</div>
        <EmptyState title="Nothing alike">
          <p>{nothing}</p>
        </EmptyState>
      </div>
    )
  }
  return (
    <ResultsPage
      path={path}
      header={header}
      bands={bands}
      shownId={shownId}
      takesFocus
    />
  )
}
