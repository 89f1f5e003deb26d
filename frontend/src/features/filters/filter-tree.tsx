// What trees to narrow the gallery by share: a branch that opens, and waiting for it.
import type { UseQueryResult } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { Button } from '@/components/ui/button'
import { IconRight } from '@/components/ui/icons'
import { LoadingLines } from '@/components/ui/states'
import { count } from '@/lib/format'
import { type Filters, homeOf } from './filters'
import { rememberBranch, rememberedBranch } from './opened-branches'
import { moveInTree } from './tree-keys'

/** The roots of a tree; arrow keys move in it. */
export const FilterTree = ({
  label,
  children,
}: {
  label: string
  children: ReactNode
}) => (
  <ul aria-label={label} onKeyDown={moveInTree}>
    {children}
  </ul>
)

type Props = {
  /** Under which it is remembered whether it is open. */
  id: string
  depth: number
  /** What choosing it narrows the gallery to. */
  next: Filters
  chosen: boolean
  onChoose: (() => void) | undefined
  title?: string
  /** What it is called, before its number of pictures. */
  name: ReactNode
  total: number
  /** What is below: “Folders in 2024”; closed until somebody opens it, if not `opened`. */
  inside: string
  opened: boolean
  /** Whether it cannot be closed now. */
  held?: boolean
  /** Whether it has branches of its own. */
  parent: boolean
  /** They; drawn, and asked for, only while it is open. */
  children: ReactNode
}

export function FilterBranch(props: Props) {
  const { id, depth, next, chosen, onChoose, title, name, total } = props
  const { inside, opened, held = false, parent, children } = props
  const [toggled, setToggled] = useState(() => rememberedBranch(id))
  const open = held || (toggled ?? opened)
  const toggle = () => {
    rememberBranch(id, !open)
    setToggled(!open)
  }
  return (
    <li>
      <div
        className={`flex items-center rounded-lg pr-2 ${chosen ? 'bg-accent-wash text-accent' : 'hover:bg-sunken'}`}
        style={{ paddingLeft: depth * 14 }}
      >
        {parent ? (
          <button
            type="button"
            aria-expanded={open}
            aria-label={inside}
            onClick={toggle}
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
          title={title}
          className={`flex h-9 min-w-0 flex-1 items-center gap-2 rounded-lg text-sm ${chosen ? 'font-medium' : ''}`}
        >
          {name}
          <span className="ml-auto pl-2 text-xs font-normal text-soft tabular-nums">
            {count(total)}
          </span>
        </Link>
      </div>
      {open && parent && <ul>{children}</ul>}
    </li>
  )
}

type WaitingProps = {
  query: Pick<UseQueryResult, 'isPending' | 'refetch'>
  things: string
}

/** In place of a tree that is not there yet. */
export const FilterTreeWaiting = ({ query, things }: WaitingProps) =>
  query.isPending ? (
    <div className="px-3 py-2">
      <LoadingLines label={`Loading the ${things}`} />
    </div>
  ) : (
    <div role="alert" className="flex flex-col items-start gap-2 px-3 py-2 text-sm">
      <p className="text-soft">The {things} could not be loaded.</p>
      <Button onClick={() => query.refetch()}>Try again</Button>
    </div>
  )
