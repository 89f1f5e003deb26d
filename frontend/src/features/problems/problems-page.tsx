// Files that could not be read or shown fully, and why.
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import type { Problem } from '@/api/types'
import { FileList, FileRow } from '@/components/ui/file-list'
import { Page } from '@/components/ui/page'
import { EmptyState, ErrorState, LoadingLines } from '@/components/ui/states'
import { DamageSection } from '@/features/integrity/damage-section'
import { damageCountQuery } from '@/features/integrity/queries'
import { clockTime } from '@/lib/dates'
import { counted } from '@/lib/format'
import { problemsQuery } from './queries'

export function ProblemsPage() {
  const problems = useInfiniteQuery(problemsQuery)
  const { data: damaged = 0 } = useQuery(damageCountQuery)
  const rows = problems.data?.pages.flatMap((page) => page.problems) ?? []
  const total = problems.data?.pages[0]?.count ?? 0

  return (
    <Page
      title="Problems"
      lead={
        total > 0
          ? `${counted(total, damaged > 0 ? 'other problem' : 'problem')} with single files. Everything else in their folders went on.`
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
      {problems.isSuccess && rows.length === 0 && damaged === 0 && (
        <EmptyState title="No problems">
          <p>Every file that was found could be read.</p>
        </EmptyState>
      )}
      {rows.length > 0 && damaged > 0 && (
        <h2 className="mb-3 text-lg font-semibold">Other problems</h2>
      )}
      {rows.length > 0 && (
        <FileList pages={problems} more="Show more">
          {rows.map((problem) => (
            <ProblemRow key={`${problem.asset} ${problem.subject}`} problem={problem} />
          ))}
        </FileList>
      )}
    </Page>
  )
}

const ProblemRow = ({ problem }: { problem: Problem }) => {
  const { asset, reason, permanent, attempts, last_at } = problem
  return (
    <FileRow
      file={problem}
      when={
        <>
          <p>
            {counted(attempts, 'attempt')}
            {permanent ? ', not tried again' : ', tried again'}
          </p>
          <p>{clockTime(last_at)}</p>
        </>
      }
    >
      <span className="mr-2 rounded-md bg-bad-wash px-1.5 py-0.5 text-xs font-medium text-bad">
        {asset}
      </span>
      <bdi>{reason}</bdi>
    </FileRow>
  )
}
