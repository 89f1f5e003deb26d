// One line above the results: what was understood, and how it was searched.
import { Link } from '@tanstack/react-router'
import type { SearchResult } from '@/api/types'
import { IconRight } from '@/components/ui/icons'
import type { Filters } from '@/features/filters/filters'
import { useTaxonName } from '@/features/taxonomy/use-taxon-name'
import { counted } from '@/lib/format'

type Props = { answer: SearchResult; filters: Filters }

export function Understood({ answer, filters }: Props) {
  const { taxon, producer, reason } = answer
  const nameOf = useTaxonName()
  const { q: _, ...others } = filters
  return (
    <div
      role="status"
      className="flex flex-wrap items-center gap-x-4 gap-y-1.5 pt-4 pb-3 text-[13px] text-soft"
    >
      {taxon && taxon.count === 0 && (
        <p>No picture is linked to {nameOf(taxon.taxon, taxon.name)} yet</p>
      )}
      {taxon && taxon.count > 0 && (
        <Link
          to="/"
          search={{ ...others, taxon: taxon.taxon }}
          className="inline-flex h-8 items-center gap-1.5 rounded-full bg-accent-wash pr-2 pl-3 font-medium text-accent"
        >
          {nameOf(taxon.taxon, taxon.name)} · {counted(taxon.count, 'picture')}
          <IconRight className="size-3.5" />
        </Link>
      )}
      <p>
        {producer ? (
          <>
            Searched by meaning, <bdi>{producer.model ?? producer.producer_id}</bdi>
          </>
        ) : (
          <>Searched in names, titles, keywords and subjects. {reason}</>
        )}
      </p>
    </div>
  )
}
