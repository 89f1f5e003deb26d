// The folders of every library, to narrow the timeline to one; read where they are opened.
import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { Button } from '@/components/ui/button'
import { IconFolder, IconLibrary } from '@/components/ui/icons'
import {
  FilterBranch,
  FilterTree,
  FilterTreeWaiting,
} from '@/features/filters/filter-tree'
import type { Filters } from '@/features/filters/filters'
import { childrenQuery, rootsQuery } from './queries'
import {
  isChosen,
  leadsTo,
  narrowedTo,
  nodesAt,
  type TreeNode,
  upToChosen,
} from './tree'

type Props = { filters: Filters; onChoose?: () => void }

const AT_ONCE = 200

export function FolderTree({ filters, onChoose }: Props) {
  const roots = useQuery(rootsQuery)

  if (!roots.data) return <FilterTreeWaiting query={roots} things="folders" />
  if (roots.data.every(({ folders }) => folders === 0)) {
    return <p className="px-3 py-1 text-sm text-soft">No folder has been read yet.</p>
  }
  return (
    <FilterTree label="Folders">
      {nodesAt(0, roots.data).map((node) => (
        <Branch key={node.folder} node={node} filters={filters} onChoose={onChoose} />
      ))}
    </FilterTree>
  )
}

type BranchProps = Props & { node: TreeNode }

function Branch({ node, filters, onChoose }: BranchProps) {
  const chosen = isChosen(filters, node)
  const Icon = node.depth === 0 ? IconLibrary : IconFolder
  return (
    <FilterBranch
      id={`folder ${node.folder}`}
      depth={node.depth}
      next={narrowedTo(filters, node)}
      chosen={chosen}
      onChoose={onChoose}
      total={node.images}
      inside={`Folders in ${node.name}`}
      parent={node.parent}
      opened={node.depth === 0 || leadsTo(filters, node)}
      name={
        <>
          <Icon className={`size-4 ${chosen ? '' : 'text-soft'}`} />
          <span className="truncate" title={node.name}>
            <bdi>{node.name}</bdi>
          </span>
          {node.unreachable && (
            <span
              className="size-2 shrink-0 rounded-full bg-warn"
              role="img"
              aria-label="unreachable"
              title="Unreachable"
            />
          )}
        </>
      }
    >
      <Children node={node} filters={filters} onChoose={onChoose} />
    </FilterBranch>
  )
}

function Children({ node, filters, onChoose }: BranchProps) {
  const children = useQuery(childrenQuery(node))
  const [shown, setShown] = useState(AT_ONCE)
  const nodes = useMemo(
    () => nodesAt(node.depth + 1, children.data ?? []),
    [node.depth, children.data],
  )
  const most = Math.max(shown, upToChosen(filters, nodes))

  if (!children.data) {
    return (
      <li>
        <FilterTreeWaiting query={children} things="folders" />
      </li>
    )
  }
  return (
    <>
      {nodes.slice(0, most).map((child) => (
        <Branch key={child.folder} node={child} filters={filters} onChoose={onChoose} />
      ))}
      {nodes.length > most && (
        <li className="px-3 py-2">
          <Button onClick={() => setShown(most + AT_ONCE)}>Show more folders</Button>
        </li>
      )}
    </>
  )
}
