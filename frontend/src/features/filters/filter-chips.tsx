// The active filters, each with a way to drop it.
import { Link } from '@tanstack/react-router'
import { IconClose } from '@/components/ui/icons'
import { lastWord } from '@/features/taxonomy/tree'
import { useTaxonName } from '@/features/taxonomy/use-taxon-name'
import { longDate } from '@/lib/dates'
import { readable } from '@/lib/quoted-path'
import { type Filters, homeOf, isFiltered } from './filters'

const WORDS: {
  [Name in Exclude<keyof Filters, 'q'>]-?: (value: NonNullable<Filters[Name]>) => string
} = {
  from: (day) => `From ${longDate(day)}`,
  to: (day) => `Until ${longDate(day)}`,
  folder: (key) => readable(key),
  library: (name) => name,
  camera: (name) => name,
  lens: (name) => name,
  kind: (kind) => (kind === 'video' ? 'Videos' : 'Pictures'),
  has_gps: (has) => (has ? 'With a place' : 'Without a place'),
  rating: (stars) => `${stars} stars or more`,
  taxon: lastWord,
  label: (label) => `Label ${label}`,
}

export function FilterChips({ filters }: { filters: Filters }) {
  const nameOf = useTaxonName()
  // The words of a search stand in its box, and are cleared there.
  const { q, ...others } = filters
  if (!isFiltered(others)) return null
  const chips = Object.entries(others) as [keyof typeof WORDS, never][]
  return (
    <ul
      aria-label="Active filters"
      className="flex flex-wrap items-center gap-1.5 px-4 pb-3 sm:px-6"
    >
      {chips.map(([name, value]) => {
        const words = name === 'taxon' ? nameOf(value) : WORDS[name](value)
        return (
          <li key={name} className="max-w-full">
            <Link
              to={homeOf(filters)}
              search={{ ...filters, [name]: undefined }}
              aria-label={`Remove the filter ${words}`}
              className="inline-flex h-8 max-w-full items-center gap-1.5 rounded-full bg-accent-wash pr-2 pl-3 text-[13px] font-medium text-accent"
            >
              <bdi className="truncate">{words}</bdi>
              <IconClose className="size-3.5" />
            </Link>
          </li>
        )
      })}
      {chips.length > 1 && (
        <li>
          <Link
            to={homeOf(filters)}
            search={{ q }}
            className="px-2 text-[13px] text-soft underline"
          >
            Clear all
          </Link>
        </li>
      )}
    </ul>
  )
}
