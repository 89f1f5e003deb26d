// The filters of the address; whatever else somebody wrote there is ignored.
import { useSearch } from '@tanstack/react-router'
import { type Filters, readFilters } from './filters'

export const useFilters = (): Filters =>
  useSearch({ strict: false, select: readFilters, structuralSharing: true })
