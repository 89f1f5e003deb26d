// How far one asset is in a folder, as a bar.

export type Counts = { fresh: number; stale: number; failed: number; waiting: number }

const PARTS: [state: keyof Counts, colour: string][] = [
  ['fresh', 'bg-good'],
  ['stale', 'bg-accent/45'],
  ['failed', 'bg-bad'],
  ['waiting', 'bg-line'],
]

type Props = { asset: string; counts: Counts; forGpu?: boolean }

/**
 * Fresh, stale, failed and waiting contents, in words for those who do not see the bar.
 * `forGpu`: what waits does so for a machine with a graphics card, and none is awake.
 */
export function Freshness({ asset, counts, forGpu = false }: Props) {
  const total = counts.fresh + counts.stale + counts.failed + counts.waiting
  const words = PARTS.filter(([state]) => counts[state] > 0)
    .map(
      ([state]) =>
        `${counts[state]} ${state}${state === 'waiting' && forGpu ? ' for GPU' : ''}`,
    )
    .join(', ')
  return (
    <div className="min-w-0" title={`${asset}: ${words || 'nothing to do'}`}>
      <p className="mb-1 flex justify-between gap-2 overflow-hidden text-xs whitespace-nowrap text-soft">
        <span className="truncate">{asset}</span>
        {counts.failed > 0 && (
          <span className="shrink-0 text-bad">{counts.failed} failed</span>
        )}
        {counts.failed === 0 && counts.waiting > 0 && (
          <span className="shrink-0">
            {counts.waiting} {forGpu ? 'for GPU' : 'waiting'}
          </span>
        )}
        {counts.failed + counts.waiting === 0 && counts.stale > 0 && (
          <span className="shrink-0">{counts.stale} stale</span>
        )}
      </p>
      <div
        role="img"
        aria-label={`${asset}: ${words || 'nothing to do'}`}
        className="flex h-1.5 overflow-hidden rounded-full bg-sunken"
      >
        {PARTS.map(([state, colour]) =>
          counts[state] > 0 ? (
            <span
              key={state}
              className={colour}
              style={{ width: `${(100 * counts[state]) / total}%` }}
            />
          ) : null,
        )}
      </div>
    </div>
  )
}
