// A page of results: the grid, and above it the viewer in the sequence of the results.
import { useNavigate } from '@tanstack/react-router'
import { type ReactNode, useCallback, useMemo } from 'react'
import { LazyViewer } from '@/features/viewer/lazy-viewer'
import { type Band, neighboursIn, sequenceOf } from './results'
import { ResultsGrid } from './results-grid'

type Props = {
  /** The page's own path, below which each picture has its address. */
  path: string
  /** The query string of the address, without the question mark. */
  query?: string
  header: ReactNode
  /** What ends the results, when they do not end here. */
  footer?: ReactNode
  bands: readonly Band[]
  shownId: string | undefined
  busy?: boolean
  takesFocus?: boolean
}

const WORDS = { newer: 'Previous', older: 'Next', back: 'Back to the results' }

export function ResultsPage(props: Props) {
  const { path, query = '', header, footer, bands, shownId, busy, takesFocus } = props
  const navigate = useNavigate()
  const search = query && `?${query}`
  const sequence = useMemo(() => sequenceOf(bands), [bands])
  const shown = sequence.find(({ image_id }) => image_id === shownId)
  const hrefOf = useCallback(
    (imageId: string) => `${path}/${imageId}${search}`,
    [path, search],
  )

  return (
    <>
      <ResultsGrid
        name={path + search}
        header={header}
        footer={footer}
        bands={bands}
        shownId={shownId}
        busy={busy}
        takesFocus={takesFocus && !shownId}
        hrefOf={hrefOf}
        onOpen={(imageId) =>
          navigate({ href: hrefOf(imageId), state: { fromGrid: true } })
        }
      />
      {shownId && (
        <LazyViewer
          imageId={shownId}
          neighbours={neighboursIn(sequence, shownId)}
          words={WORDS}
          hrefOf={hrefOf}
          home={path + search}
          startAt={shown?.at ?? undefined}
        />
      )}
    </>
  )
}
