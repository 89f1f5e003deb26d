// Where one can go: the pages, what pictures show, and every folder.
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { IconLibrary, IconPhotos, IconProblem } from '@/components/ui/icons'
import type { Filters } from '@/features/filters/filters'
import { FolderTree } from '@/features/folders/folder-tree'
import { damageCountQuery } from '@/features/integrity/queries'
import { problemCountQuery } from '@/features/problems/queries'
import { TaxonTree } from '@/features/taxonomy/taxon-tree'
import { count } from '@/lib/format'

type Props = { filters: Filters; onChoose?: () => void }

const ITEM =
  'flex h-10 items-center gap-3 rounded-lg px-3 text-[15px] hover:bg-sunken aria-[current=page]:bg-accent-wash aria-[current=page]:font-medium aria-[current=page]:text-accent'

export function Sidebar({ filters, onChoose }: Props) {
  const { data: unread = 0 } = useQuery(problemCountQuery)
  const { data: damaged = 0 } = useQuery(damageCountQuery)
  const problems = unread + damaged
  return (
    <nav aria-label="Main" className="flex h-full flex-col overflow-y-auto px-3 pb-6">
      <p className="flex h-16 shrink-0 items-center gap-2.5 px-3 text-[17px] font-semibold tracking-tight">
        <img src="/favicon.svg" alt="" className="size-6" />
        Home media
      </p>
      <ul className="flex flex-col gap-0.5">
        <li>
          <Link
            to="/"
            search={{}}
            onClick={onChoose}
            activeOptions={{
              exact: true,
              includeSearch: true,
              explicitUndefined: true,
            }}
            className={ITEM}
          >
            <IconPhotos />
            Photos
          </Link>
        </li>
        <li>
          <Link to="/libraries" search={{}} onClick={onChoose} className={ITEM}>
            <IconLibrary />
            Libraries
          </Link>
        </li>
        <li>
          <Link to="/problems" search={{}} onClick={onChoose} className={ITEM}>
            <IconProblem />
            Problems
            {problems > 0 && (
              <span className="ml-auto rounded-full bg-bad-wash px-2 py-0.5 text-xs font-medium text-bad tabular-nums">
                {count(problems)}
              </span>
            )}
          </Link>
        </li>
      </ul>
      <h2 className="mt-7 mb-1.5 px-3 text-xs font-semibold text-soft">Subjects</h2>
      <TaxonTree filters={filters} onChoose={onChoose} />
      <h2 className="mt-7 mb-1.5 px-3 text-xs font-semibold text-soft">Folders</h2>
      <FolderTree filters={filters} onChoose={onChoose} />
    </nav>
  )
}
