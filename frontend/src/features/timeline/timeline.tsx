// Every picture, newest first, by day.
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { EmptyState, ErrorState } from '@/components/ui/states'
import { type Filters, isFiltered, writeFilters } from '@/features/filters/filters'
import { LoadingTimeline } from './loading-timeline'
import { timelineQuery } from './queries'
import { TimelineGrid } from './timeline-grid'

/** The timeline under filters; `imageId` is what the viewer shows above it. */
export function Timeline({ filters, imageId }: { filters: Filters; imageId?: string }) {
  const timeline = useQuery(timelineQuery(filters))

  if (timeline.data && timeline.data.count > 0) {
    return (
      <TimelineGrid
        key={writeFilters(filters)}
        filters={filters}
        buckets={timeline.data.buckets}
        imageId={imageId}
      />
    )
  }
  if (timeline.isError) {
    return (
      <ErrorState
        title="The timeline could not be loaded"
        error={timeline.error}
        onRetry={() => timeline.refetch()}
      />
    )
  }
  if (timeline.isPending) return <LoadingTimeline label="Loading the timeline" />
  return isFiltered(filters) ? (
    <EmptyState title="Nothing matches">
      <p>No picture fits these filters.</p>
      <Link to="/" search={{}} className="font-medium text-accent underline">
        Show everything
      </Link>
    </EmptyState>
  ) : (
    <EmptyState title="No pictures yet">
      <p>
        They appear here by themselves as soon as the first folder has been read.
        Nothing needs to be done or reloaded.
      </p>
      <Link to="/libraries" className="font-medium text-accent underline">
        See what is being read
      </Link>
    </EmptyState>
  )
}
