// What looks like a picture that was dropped onto the page.
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useEffect, useMemo, useState } from 'react'
import { EmptyState, ErrorState } from '@/components/ui/states'
import { LoadingTimeline } from '@/features/timeline/loading-timeline'
import { visible } from '@/lib/quoted-path'
import { pickedPicture, refusal } from './picked-pictures'
import { pictureQuery } from './queries'
import { bandsOf } from './results'
import { ResultsPage } from './results-page'

export const PicturePage = () => (
  <>
    <h1 className="sr-only">Search by a picture</h1>
    <Answer />
  </>
)

function Answer() {
  const { name = '', shownId } = useParams({ strict: false })
  const file = pickedPicture(name)
  const found = useQuery(pictureQuery(name, file))
  const bands = useMemo(() => bandsOf(found.data), [found.data])

  if (!file) {
    return (
      <EmptyState title="That picture is gone">
        <p>A picture to search by is never kept. Choose it again in the search box.</p>
      </EmptyState>
    )
  }
  const header = (
    <header className="flex items-center gap-3 pt-4 pb-4">
      <Preview file={file} />
      <div className="min-w-0">
        <h2 className="truncate text-lg font-semibold">
          Like <bdi>{visible(file.name) || 'your picture'}</bdi>
        </h2>
        <p className="text-[13px] text-soft">
          {found.data?.producer?.model
            ? `By meaning, ${found.data.producer.model}. `
            : ''}
          The picture was compared and not kept.
        </p>
      </div>
    </header>
  )
  if (found.isError) {
    return (
      <ErrorState
        title="This picture cannot be searched by"
        error={new Error(refusal(found.error))}
        onRetry={() => found.refetch()}
      />
    )
  }
  if (!found.data) return <LoadingTimeline label="Comparing" />
  if (bands.every(({ hits }) => hits.length === 0)) {
    return (
      <div className="flex h-full flex-col">
        <div className="px-3 sm:px-6">{header}</div>
        <EmptyState title="Nothing alike">
          <p>{found.data.reason ?? 'No picture of the library looks like this one.'}</p>
        </EmptyState>
      </div>
    )
  }
  const path = `/search/pictures/${name}`
  return <ResultsPage path={path} header={header} bands={bands} shownId={shownId} />
}

/** The picture itself, shown from memory. One that this browser cannot show has none. */
function Preview({ file }: { file: File }) {
  const [url, setUrl] = useState<string>()
  useEffect(() => {
    const made = URL.createObjectURL(file)
    setUrl(made)
    return () => URL.revokeObjectURL(made)
  }, [file])
  if (!url) return <span className="size-14 rounded-lg bg-sunken" />
  return (
    <img
      src={url}
      alt=""
      className="size-14 rounded-lg bg-sunken object-cover"
      onError={({ currentTarget }) => {
        currentTarget.hidden = true
      }}
    />
  )
}
