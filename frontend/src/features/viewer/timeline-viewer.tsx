// The viewer in the sequence of the timeline.
import { useCallback } from 'react'
import { type Filters, writeFilters } from '@/features/filters/filters'
import { LazyViewer } from './lazy-viewer'
import { useNeighbours } from './use-neighbours'

const WORDS = { newer: 'Newer', older: 'Older', back: 'Back to the timeline' }

export function TimelineViewer({
  imageId,
  filters,
}: {
  imageId: string
  filters: Filters
}) {
  const query = writeFilters(filters)
  const search = query && `?${query}`
  return (
    <LazyViewer
      imageId={imageId}
      neighbours={useNeighbours(imageId, filters)}
      words={WORDS}
      hrefOf={useCallback((id: string) => `/images/${id}${search}`, [search])}
      home={`/${search}`}
    />
  )
}
