// What an image shows, each a way to all pictures that show it.
import { Link } from '@tanstack/react-router'
import type { ImageTaxon } from '@/api/types'
import { nameIn } from './tree'

export const TaxonChips = ({ taxa }: { taxa: readonly ImageTaxon[] }) => (
  <ul aria-label="Subjects" className="flex flex-wrap gap-1.5">
    {taxa.map(({ taxon, names, source, score }) => (
      <li key={`${taxon} ${source}`} className="max-w-full">
        <TaxonChip
          taxon={taxon}
          name={nameIn(names, taxon)}
          title={saying(source, score)}
        />
      </li>
    ))}
  </ul>
)

type Props = { taxon: string; name: string; title: string }

/** One taxon; what is known of it is said on hover and read aloud. */
export const TaxonChip = ({ taxon, name, title }: Props) => (
  <Link
    to="/"
    search={{ taxon }}
    title={title}
    aria-label={`${name}. ${title}. Show all`}
    className="inline-flex h-8 max-w-full items-center rounded-full bg-accent-wash px-3 text-[13px] font-medium text-accent hover:underline"
  >
    <span className="truncate">{name}</span>
  </Link>
)

/** Where a link comes from, and how sure that is. */
export const saying = (source: string, score: number | null) =>
  source === 'keyword'
    ? 'A keyword of the file says so'
    : `Seen in the picture${score == null ? '' : `, ${Math.round(100 * score)} % sure`}`
