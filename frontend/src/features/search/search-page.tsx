// What fits a search: surely first, then perhaps, and nothing when nothing does.
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import type { SearchResult } from '@/api/types'
import { Button } from '@/components/ui/button'
import { EmptyState, ErrorState } from '@/components/ui/states'
import { type Filters, isFiltered, writeFilters } from '@/features/filters/filters'
import { useFilters } from '@/features/filters/use-filters'
import { LoadingTimeline } from '@/features/timeline/loading-timeline'
import { AT_FIRST, AT_MOST, searchQuery } from './queries'
import { bandsOf } from './results'
import { ResultsPage } from './results-page'
import { Understood } from './understood'

export const SearchPage = () => (
  <>
    <h1 className="sr-only">Search</h1>
    <Answer />
  </>
)

function Answer() {
  const filters = useFilters()
  const { shownId } = useParams({ strict: false })
  const query = writeFilters(filters)
  const [enlarged, setEnlarged] = useState<string>()
  const limit = enlarged === query ? AT_MOST : AT_FIRST
  const found = useQuery(searchQuery(filters, limit))
  const bands = useMemo(() => bandsOf(found.data), [found.data])

  if (filters.q === undefined) {
    return (
      <EmptyState title="What are you looking for?">
        <p>
          Describe it in the search box: “two dogs on a beach”, “red truck”,
          “Geburtstag”. Or choose a picture there to find what looks like it.
        </p>
      </EmptyState>
    )
  }
  if (found.isError && !found.data) {
    return (
      <ErrorState
        title="The search did not work"
        error={found.error}
        onRetry={() => found.refetch()}
      />
    )
  }
  if (!found.data) return <LoadingTimeline label="Searching" />
  if (bands.every(({ hits }) => hits.length === 0)) {
    return <NothingFits answer={found.data} filters={filters} />
  }
  return (
    <ResultsPage
      path="/search"
      query={query}
      header={<Understood answer={found.data} filters={filters} />}
      footer={
        limit < AT_MOST && isFull(found.data, limit) ? (
          <Button onClick={() => setEnlarged(query)}>Show more</Button>
        ) : undefined
      }
      bands={bands}
      shownId={shownId}
      busy={found.isPlaceholderData}
    />
  )
}

const isFull = ({ likely, possible }: SearchResult, limit: number) =>
  Math.max(likely.length, possible.length) >= limit

/** Nothing is an answer too: it says so, and what else may help. */
function NothingFits({ answer, filters }: { answer: SearchResult; filters: Filters }) {
  const { q, ...others } = filters
  return (
    <EmptyState title={`Nothing fits “${q}”`}>
      <ul className="flex flex-col gap-2">
        {isFiltered(others) && (
          <li>
            Only pictures that pass the filters were searched.{' '}
            <Link
              to="/search"
              search={{ q }}
              className="font-medium text-accent underline"
            >
              Search all
            </Link>
          </li>
        )}
        {answer.producer ? (
          <li>Try a more general word, or describe what can be seen.</li>
        ) : (
          <li>
            Only names, titles, keywords and subjects were searched, not what the
            pictures show. {answer.reason}
          </li>
        )}
      </ul>
    </EmptyState>
  )
}
