// What trees to narrow the gallery by share: a branch that opens, and waiting for it.
import type { UseQueryResult } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { Button } from '@/components/ui/button'
import { IconRight } from '@/components/ui/icons'
import { LoadingLines } from '@/components/ui/states'
import { count } from '@/lib/format'
import { type Filters, homeOf } from './filters'

type Props = {
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
  /** Its own branches. */
  children: readonly ReactNode[]
}

export function FilterBranch(props: Props) {
  const { depth, next, chosen, onChoose, title, name, total } = props
  const { inside, opened, held = false, children } = props
  const [toggled, setToggled] = useState<boolean>()
  const open = held || (toggled ?? opened)
  return (
    <li>
      <div
        className={`flex items-center rounded-lg pr-2 ${chosen ? 'bg-accent-wash text-accent' : 'hover:bg-sunken'}`}
        style={{ paddingLeft: depth * 14 }}
      >
        {children.length > 0 ? (
          <button
            type="button"
            aria-expanded={open}
            aria-label={inside}
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
          title={title}
          className={`flex h-9 min-w-0 flex-1 items-center gap-2 rounded-lg text-sm ${chosen ? 'font-medium' : ''}`}
        >
          {name}
          <span className="ml-auto pl-2 text-xs font-normal text-soft tabular-nums">
            {count(total)}
          </span>
        </Link>
      </div>
      {open && children.length > 0 && <ul>{children}</ul>}
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
