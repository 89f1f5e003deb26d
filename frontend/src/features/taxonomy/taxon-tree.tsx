// What the pictures show, as a tree, to narrow the timeline to one branch of it.
import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import {
  FilterBranch,
  FilterTree,
  FilterTreeWaiting,
} from '@/features/filters/filter-tree'
import type { Filters } from '@/features/filters/filters'
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

  if (!taxa.data) return <FilterTreeWaiting query={taxa} things="subjects" />
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
      <FilterTree label="Subjects">
        {roots.map((node) => (
          <Branch
            key={node.taxon}
            node={node}
            filters={filters}
            onChoose={onChoose}
            opened={word.trim() !== ''}
          />
        ))}
      </FilterTree>
    </>
  )
}

type BranchProps = Props & {
  node: TaxonNode
  /** Whether a search shows everything it found. */
  opened: boolean
}

function Branch({ node, filters, onChoose, opened }: BranchProps) {
  const chosen = filters.taxon === node.taxon
  return (
    <FilterBranch
      id={`taxon ${node.taxon}`}
      parent={node.children.length > 0}
      depth={node.depth}
      next={{ ...filters, taxon: chosen ? undefined : node.taxon }}
      chosen={chosen}
      onChoose={onChoose}
      title={countedInWords(node)}
      name={<span className="truncate">{node.name}</span>}
      total={node.total}
      inside={`Subjects in ${node.name}`}
      opened={isBelow(filters.taxon, node.taxon)}
      held={opened}
    >
      {node.children.map((child) => (
        <Branch
          key={child.taxon}
          node={child}
          filters={filters}
          onChoose={onChoose}
          opened={opened}
        />
      ))}
    </FilterBranch>
  )
}

const countedInWords = ({ name, own, total }: TaxonNode) =>
  own === total
    ? `${name}: ${count(total)}`
    : `${name}: ${count(own)} itself, ${count(total)} with everything below`
