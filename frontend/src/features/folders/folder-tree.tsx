// The folders of every library, to narrow the timeline to one.
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { IconFolder, IconLibrary } from '@/components/ui/icons'
import { FilterBranch, FilterTreeWaiting } from '@/features/filters/filter-tree'
import type { Filters } from '@/features/filters/filters'
import { foldersQuery } from './queries'
import { isChosen, leadsTo, narrowedTo, type TreeNode, treeOf } from './tree'

type Props = { filters: Filters; onChoose?: () => void }

export function FolderTree({ filters, onChoose }: Props) {
  const folders = useQuery(foldersQuery)
  const roots = useMemo(() => treeOf(folders.data ?? []), [folders.data])

  if (!folders.data) return <FilterTreeWaiting query={folders} things="folders" />
  if (roots.length === 0) {
    return <p className="px-3 py-1 text-sm text-soft">No folder has been read yet.</p>
  }
  return (
    <ul>
      {roots.map((node) => (
        <Branch key={node.key} node={node} filters={filters} onChoose={onChoose} />
      ))}
    </ul>
  )
}

function Branch({ node, filters, onChoose }: Props & { node: TreeNode }) {
  const chosen = isChosen(filters, node)
  const Icon = node.depth === 0 ? IconLibrary : IconFolder
  return (
    <FilterBranch
      depth={node.depth}
      next={narrowedTo(filters, node)}
      chosen={chosen}
      onChoose={onChoose}
      total={node.images}
      inside={`Folders in ${node.name}`}
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
      {node.children.map((child) => (
        <Branch key={child.key} node={child} filters={filters} onChoose={onChoose} />
      ))}
    </FilterBranch>
  )
}
