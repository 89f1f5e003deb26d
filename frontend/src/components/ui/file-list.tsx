// Files that something is wrong with: which, what it is, since when; page by page.
import type { UseInfiniteQueryResult } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { readable, visible } from '@/lib/quoted-path'
import { Button } from './button'

type ListProps = {
  /** The list's rows come from pages of this. */
  pages: Pick<
    UseInfiniteQueryResult,
    'hasNextPage' | 'isFetchingNextPage' | 'fetchNextPage'
  >
  more: string
  children: ReactNode
}

export const FileList = ({ pages, more, children }: ListProps) => (
  <>
    <ul className="flex flex-col divide-y divide-line rounded-xl border border-line bg-raised">
      {children}
    </ul>
    {pages.hasNextPage && (
      <Button
        className="mt-4"
        disabled={pages.isFetchingNextPage}
        onClick={() => pages.fetchNextPage()}
      >
        {pages.isFetchingNextPage ? 'Loading…' : more}
      </Button>
    )}
  </>
)

type RowProps = {
  file: { name: string; folder: string; image_id: string | null }
  /** Said behind the folder. */
  beside?: string
  /** What is wrong with it. */
  children: ReactNode
  /** Since when, and how it goes on. */
  when: ReactNode
}

export const FileRow = ({ file, beside, children, when }: RowProps) => (
  <li className="grid gap-x-6 gap-y-1 px-4 py-3.5 sm:grid-cols-[minmax(0,1fr)_minmax(0,1.4fr)_auto] sm:px-5">
    <div className="min-w-0">
      <p className="text-[15px] font-medium break-words">
        <bdi>{visible(file.name)}</bdi>
      </p>
      <p className="text-[13px] break-words text-soft">
        <Link to="/" search={{ folder: file.folder }} className="hover:underline">
          <bdi>{readable(file.folder)}</bdi>
        </Link>
        {beside && ` · ${beside}`}
      </p>
    </div>
    <div className="min-w-0 text-sm leading-relaxed break-words">{children}</div>
    <div className="text-[13px] text-soft sm:text-right">
      {when}
      {file.image_id && (
        <Link
          to="/images/$imageId"
          params={{ imageId: file.image_id }}
          search={{}}
          className="font-medium text-accent hover:underline"
        >
          Show the image
        </Link>
      )}
    </div>
  </li>
)
