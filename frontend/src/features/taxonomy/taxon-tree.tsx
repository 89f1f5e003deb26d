// What the pictures show, as a tree, to narrow the timeline to one branch of it.
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { Button } from '@/components/ui/button'
import { IconRight } from '@/components/ui/icons'
import { LoadingLines } from '@/components/ui/states'
import { type Filters, homeOf } from '@/features/filters/filters'
import { count } from '@/lib/format'
import { taxaQuery } from './queries'
import { isBelow, searched, type TaxonNode, treeOf } from './tree'

type Props = { filters: Filters; onChoose?: () => void }

/** So many nodes are taken in at a glance; more have a box to search in. */
const SEARCHED_FROM = 12

export function TaxonTree({ filters, onChoose }: Props) {
  const taxa = useQuery(taxaQuery)
  const [word, setWord] = useState('')
  const present = useMemo(
    () => (taxa.data ?? []).filter(({ total }) => total > 0),
    [taxa.data],
  )
  const roots = useMemo(() => treeOf(searched(present, word)), [present, word])

  if (taxa.isPending) {
    return (
      <div className="px-3 py-2">
        <LoadingLines label="Loading the subjects" />
      </div>
    )
  }
  if (taxa.isError && !taxa.data) {
    return (
      <div role="alert" className="flex flex-col items-start gap-2 px-3 py-2 text-sm">
        <p className="text-soft">The subjects could not be loaded.</p>
        <Button onClick={() => taxa.refetch()}>Try again</Button>
      </div>
    )
  }
  if (present.length === 0) {
    return <p className="px-3 py-1 text-sm text-soft">Nothing was recognised yet.</p>
  }
  return (
    <>
      {present.length >= SEARCHED_FROM && (
        <input
          type="search"
          aria-label="Search the subjects"
          placeholder="Find a subject"
          maxLength={80}
          value={word}
          onChange={({ target }) => setWord(target.value)}
          className="mx-1 mb-1.5 h-9 shrink-0 w-[calc(100%-0.5rem)] rounded-lg bg-sunken px-3 text-sm placeholder:text-soft"
        />
      )}
      {roots.length === 0 && (
        <p role="status" className="px-3 py-1 text-sm text-soft">
          No subject is called so.
        </p>
      )}
      <ul aria-label="Subjects">
        {roots.map((node) => (
          <Branch
            key={node.taxon}
            node={node}
            filters={filters}
            onChoose={onChoose}
            opened={word.trim() !== ''}
          />
        ))}
      </ul>
    </>
  )
}

type BranchProps = Props & {
  node: TaxonNode
  /** Whether a search shows everything it found. */
  opened: boolean
}

function Branch({ node, filters, onChoose, opened }: BranchProps) {
  const [toggled, setToggled] = useState<boolean>()
  const open = opened || (toggled ?? isBelow(filters.taxon, node.taxon))
  const chosen = filters.taxon === node.taxon
  const next: Filters = { ...filters, taxon: chosen ? undefined : node.taxon }
  return (
    <li>
      <div
        className={`flex items-center rounded-lg pr-2 ${chosen ? 'bg-accent-wash text-accent' : 'hover:bg-sunken'}`}
        style={{ paddingLeft: node.depth * 14 }}
      >
        {node.children.length > 0 ? (
          <button
            type="button"
            aria-expanded={open}
            aria-label={`Subjects in ${node.name}`}
            onClick={() => setToggled(!open)}
            className="grid h-9 w-7 shrink-0 place-items-center rounded-lg text-soft"
          >
            <IconRight
              className={`size-3.5 transition-transform duration-150 ${open ? 'rotate-90' : ''}`}
            />
          </button>
        ) : (
          <span className="w-7 shrink-0" />
        )}
        <Link
          to={homeOf(next)}
          search={next}
          onClick={onChoose}
          aria-current={chosen ? 'page' : undefined}
          title={countedInWords(node)}
          className="flex h-9 min-w-0 flex-1 items-center gap-2 rounded-lg text-sm"
        >
          <span className={`truncate ${chosen ? 'font-medium' : ''}`}>{node.name}</span>
          <span className="ml-auto pl-2 text-xs text-soft tabular-nums">
            {count(node.total)}
          </span>
        </Link>
      </div>
      {open && node.children.length > 0 && (
        <ul>
          {node.children.map((child) => (
            <Branch
              key={child.taxon}
              node={child}
              filters={filters}
              onChoose={onChoose}
              opened={opened}
            />
          ))}
        </ul>
      )}
    </li>
  )
}

const countedInWords = ({ name, own, total }: TaxonNode) =>
  own === total
    ? `${name}: ${count(total)}`
    : `${name}: ${count(own)} itself, ${count(total)} with everything below`
