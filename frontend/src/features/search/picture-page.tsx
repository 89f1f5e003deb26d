// What looks like a picture that was dropped onto the page.
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { useEffect, useMemo, useState } from 'react'
import { Button } from '@/components/ui/button'
import { IconCrop } from '@/components/ui/icons'
import { EmptyState, ErrorState } from '@/components/ui/states'
import { LoadingTimeline } from '@/features/timeline/loading-timeline'
import { visible } from '@/lib/quoted-path'
import { MIDDLE, type Part } from './part'
import { PartDialog } from './part-dialog'
import { pick, pickedPicture, refusal } from './picked-pictures'
import { pictureQuery } from './queries'
import { bandsOf } from './results'
import { ResultsPage } from './results-page'

export function PicturePage() {
  const { name = '' } = useParams({ strict: false })
  return (
    <>
      <h1 className="sr-only">Search by a picture</h1>
      <Answer key={name} name={name} />
    </>
  )
}

function Answer({ name }: { name: string }) {
  const { shownId } = useParams({ strict: false })
  const { file, cut } = pickedPicture(name) ?? {}
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
      <div className="min-w-0 flex-1">
        <h2 className="truncate text-lg font-semibold">
          Like {cut && 'a part of '}
          <bdi>{visible(file.name) || 'your picture'}</bdi>
        </h2>
        <p className="text-[13px] text-soft">
          {found.data?.producer?.model
            ? `By meaning, ${found.data.producer.model}. `
            : ''}
          The picture was compared and not kept.
        </p>
      </div>
      <PartButton file={cut?.from ?? file} part={cut?.part} />
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
  const url = useObjectUrl(file)
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

/** Leads to a search for a part of the picture, where this browser can show it. */
function PartButton({ file, part }: { file: File; part: Part | undefined }) {
  const navigate = useNavigate()
  const url = useObjectUrl(file)
  const [shows, setShows] = useState(false)
  const [open, setOpen] = useState(false)
  return (
    <>
      {url && <img src={url} alt="" hidden onLoad={() => setShows(true)} />}
      {shows && (
        <Button className="shrink-0" onClick={() => setOpen(true)}>
          <IconCrop className="size-4.5" />
          <span className="max-sm:sr-only">
            {part ? 'Another part' : 'A part of it'}
          </span>
        </Button>
      )}
      {url && open && (
        <PartDialog
          file={file}
          url={url}
          start={part ?? MIDDLE}
          onClose={() => setOpen(false)}
          onSearch={(made, part) =>
            navigate({
              to: '/search/pictures/$name',
              params: { name: pick(made, { from: file, part }) },
              search: {},
            })
          }
        />
      )}
    </>
  )
}

/** An address for a file in this page's memory. */
function useObjectUrl(file: File) {
  const [url, setUrl] = useState<string>()
  useEffect(() => {
    const made = URL.createObjectURL(file)
    setUrl(made)
    return () => URL.revokeObjectURL(made)
  }, [file])
  return url
}
