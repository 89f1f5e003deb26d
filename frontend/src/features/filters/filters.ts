// The filters of a timeline, and how an address spells them.

/** What narrows the timeline. Every field is absent when it does not narrow. */
export type Filters = {
  from?: string
  to?: string
  folder?: string
  library?: string
  camera?: string
  lens?: string
  kind?: 'picture' | 'video'
  has_gps?: boolean
  rating?: number
  /** A node of the taxonomy, as its path; what lies below it counts too. */
  taxon?: string
  /** A detector's own word. */
  label?: string
  q?: string
}

const DATE = /^\d{4}-\d{2}-\d{2}$/
const TAXON = /^[\w-]+(\.[\w-]+)*$/

const text = (value: unknown) =>
  typeof value === 'string' && value.trim() !== '' ? value : undefined
const date = (value: unknown) => {
  const day = text(value)
  return day && DATE.test(day) && !Number.isNaN(Date.parse(day)) ? day : undefined
}

/** The filters an address holds; what it does not spell well is left out. */
export function readFilters(search: Record<string, unknown>): Filters {
  const rating = Number(search.rating)
  const found: Filters = {
    from: date(search.from),
    to: date(search.to),
    folder: text(search.folder),
    library: text(search.library),
    camera: text(search.camera),
    lens: text(search.lens),
    kind:
      search.kind === 'picture' || search.kind === 'video' ? search.kind : undefined,
    has_gps:
      String(search.has_gps) === 'true'
        ? true
        : String(search.has_gps) === 'false'
          ? false
          : undefined,
    rating: Number.isInteger(rating) && rating >= 1 && rating <= 5 ? rating : undefined,
    taxon: TAXON.test(String(search.taxon)) ? text(search.taxon) : undefined,
    label: text(search.label),
    q: text(search.q),
  }
  return Object.fromEntries(
    Object.entries(found).filter(([, value]) => value !== undefined),
  )
}

/** Filters as a query string, in a fixed order, without the question mark. */
export function writeFilters(filters: Filters): string {
  const pairs = Object.entries(readFilters(filters)).map(([name, value]) => [
    name,
    String(value),
  ])
  return new URLSearchParams(pairs).toString()
}

/** Where filters are at home: a search has a page of its own, all else is the timeline. */
export const homeOf = ({ q }: Filters) => (q === undefined ? '/' : '/search')

export const isFiltered = (filters: Filters) => Object.keys(filters).length > 0
