// Files that could not be read or shown fully, and why.
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { Problem } from '@/api/types'
import { Page } from '@/app/page'
import { Button } from '@/components/ui/button'
import { EmptyState, ErrorState, LoadingLines } from '@/components/ui/states'
import { DamageSection } from '@/features/integrity/damage-section'
import { integrityQuery } from '@/features/integrity/queries'
import { clockTime } from '@/lib/dates'
import { counted } from '@/lib/format'
import { readable, visible } from '@/lib/quoted-path'
import { problemsQuery } from './queries'

export function ProblemsPage() {
  const problems = useInfiniteQuery(problemsQuery)
  const { data: integrity } = useQuery(integrityQuery)
  const rows = problems.data?.pages.flatMap((page) => page.problems) ?? []
  const total = problems.data?.pages[0]?.count ?? 0

  return (
    <Page
      title="Problems"
      lead={
        total > 0
          ? `${counted(total, integrity?.damaged ? 'other problem' : 'problem')} with single files. Everything else in their folders went on.`
          : undefined
      }
    >
      <DamageSection />
      {problems.isPending && <LoadingLines label="Loading the problems" />}
      {problems.isError && rows.length === 0 && (
        <ErrorState
          title="The problems could not be loaded"
          error={problems.error}
          onRetry={() => problems.refetch()}
        />
      )}
      {problems.isSuccess && rows.length === 0 && !integrity?.damaged && (
        <EmptyState title="No problems">
          <p>Every file that was found could be read.</p>
        </EmptyState>
      )}
      {rows.length > 0 && !!integrity?.damaged && (
        <h2 className="mb-3 text-lg font-semibold">Other problems</h2>
      )}
      {rows.length > 0 && (
        <ul className="flex flex-col divide-y divide-line rounded-xl border border-line bg-raised">
          {rows.map((problem) => (
            <ProblemRow key={`${problem.asset} ${problem.subject}`} problem={problem} />
          ))}
        </ul>
      )}
      {problems.hasNextPage && (
        <Button
          className="mt-4"
          disabled={problems.isFetchingNextPage}
          onClick={() => problems.fetchNextPage()}
        >
          {problems.isFetchingNextPage ? 'Loading…' : 'Show more'}
        </Button>
      )}
    </Page>
  )
}

const ProblemRow = ({ problem }: { problem: Problem }) => {
  const { asset, name, folder, reason, permanent, attempts, last_at, image_id } =
    problem
  return (
    <li className="grid gap-x-6 gap-y-1 px-4 py-3.5 sm:grid-cols-[minmax(0,1fr)_minmax(0,1.4fr)_auto] sm:px-5">
      <div className="min-w-0">
        <p className="text-[15px] font-medium break-words">
          <bdi>{visible(name)}</bdi>
        </p>
        <Link
          to="/"
          search={{ folder }}
          className="text-[13px] break-words text-soft hover:underline"
        >
          <bdi>{readable(folder)}</bdi>
        </Link>
      </div>
      <p className="min-w-0 text-sm leading-relaxed break-words">
        <span className="mr-2 rounded-md bg-bad-wash px-1.5 py-0.5 text-xs font-medium text-bad">
          {asset}
        </span>
        <bdi>{reason}</bdi>
      </p>
      <div className="text-[13px] text-soft sm:text-right">
        <p>
          {counted(attempts, 'attempt')}
          {permanent ? ', not tried again' : ', tried again'}
        </p>
        <p>{clockTime(last_at)}</p>
        {image_id && (
          <Link
            to="/images/$imageId"
            params={{ imageId: image_id }}
            search={{}}
            className="font-medium text-accent hover:underline"
          >
            Show the image
          </Link>
        )}
      </div>
    </li>
  )
}
