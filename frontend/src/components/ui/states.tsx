// What stands where there is nothing to show: empty, failed, loading.
import type { ReactNode } from 'react'
import { Button } from './button'
import { IconPhotos, IconProblem } from './icons'

export const EmptyState = ({
  title,
  children,
}: {
  title: string
  children: ReactNode
}) => (
  <div className="mx-auto flex h-full max-w-sm flex-col items-center justify-center gap-3 px-6 pb-16 text-center">
    <span className="mb-2 grid size-16 place-items-center rounded-full bg-accent-wash text-accent">
      <IconPhotos className="size-7" />
    </span>
    <h2 className="text-lg font-semibold">{title}</h2>
    <div className="flex flex-col gap-3 text-[15px] leading-relaxed text-soft">
      {children}
    </div>
  </div>
)

type ErrorProps = {
  title: string
  error: unknown
  onRetry: () => void
  compact?: boolean
}

export const ErrorState = ({ title, error, onRetry, compact }: ErrorProps) => (
  <div
    role="alert"
    className={
      compact
        ? 'flex items-center gap-3 rounded-xl border border-line bg-raised px-4 py-2.5 text-sm shadow-lg'
        : 'mx-auto flex h-full max-w-sm flex-col items-center justify-center gap-3 px-6 pb-16 text-center'
    }
  >
    {!compact && (
      <span className="mb-2 grid size-16 place-items-center rounded-full bg-bad-wash text-bad">
        <IconProblem className="size-7" />
      </span>
    )}
    <p className={compact ? 'font-medium' : 'text-lg font-semibold'}>{title}</p>
    {!compact && (
      <p className="text-[15px] leading-relaxed break-words text-soft">
        {error instanceof Error ? error.message : 'The server could not be reached.'}
      </p>
    )}
    <Button onClick={onRetry}>Try again</Button>
  </div>
)

export const LoadingLines = ({ label }: { label: string }) => (
  <div role="status" aria-label={label} className="flex flex-col gap-3">
    {['w-11/12', 'w-3/4', 'w-5/6', 'w-2/3'].map((width) => (
      <div key={width} className={`h-5 animate-pulse rounded bg-sunken ${width}`} />
    ))}
  </div>
)
