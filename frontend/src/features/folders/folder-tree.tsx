// The folders of every library, to narrow the timeline to one.
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { Button } from '@/components/ui/button'
import { IconFolder, IconLibrary, IconRight } from '@/components/ui/icons'
import { LoadingLines } from '@/components/ui/states'
import { type Filters, homeOf } from '@/features/filters/filters'
import { count } from '@/lib/format'
import { foldersQuery } from './queries'
import { isChosen, leadsTo, narrowedTo, type TreeNode, treeOf } from './tree'

type Props = { filters: Filters; onChoose?: () => void }

export function FolderTree({ filters, onChoose }: Props) {
  const folders = useQuery(foldersQuery)
  const roots = useMemo(() => treeOf(folders.data ?? []), [folders.data])

  if (folders.isPending) {
    return (
      <div className="px-3 py-2">
        <LoadingLines label="Loading the folders" />
      </div>
    )
  }
  if (folders.isError && !folders.data) {
    return (
      <div role="alert" className="flex flex-col items-start gap-2 px-3 py-2 text-sm">
        <p className="text-soft">The folders could not be loaded.</p>
        <Button onClick={() => folders.refetch()}>Try again</Button>
      </div>
    )
  }
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
  const [toggled, setToggled] = useState<boolean>()
  const open = toggled ?? (node.depth === 0 || leadsTo(filters, node))
  const chosen = isChosen(filters, node)
  const Icon = node.depth === 0 ? IconLibrary : IconFolder
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
            aria-label={`Folders in ${node.name}`}
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
          to={homeOf(filters)}
          search={narrowedTo(filters, node)}
          onClick={onChoose}
          aria-current={chosen ? 'page' : undefined}
          className="flex h-9 min-w-0 flex-1 items-center gap-2 rounded-lg text-sm"
        >
          <Icon className={`size-4 ${chosen ? '' : 'text-soft'}`} />
          <span className={`truncate ${chosen ? 'font-medium' : ''}`} title={node.name}>
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
          <span className="ml-auto pl-2 text-xs text-soft tabular-nums">
            {count(node.images)}
          </span>
        </Link>
      </div>
      {open && node.children.length > 0 && (
        <ul>
          {node.children.map((child) => (
            <Branch
              key={child.key}
              node={child}
              filters={filters}
              onChoose={onChoose}
            />
          ))}
        </ul>
      )}
    </li>
  )
}
