// Originals whose bytes changed though nobody wrote them anew: the worst of all problems.
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { DamagedFile } from '@/api/types'
import { Button } from '@/components/ui/button'
import { clockDay } from '@/lib/dates'
import { fileSize } from '@/lib/format'
import { readable, visible } from '@/lib/quoted-path'
import { damageQuery } from './queries'

export function DamageSection() {
  const damage = useInfiniteQuery(damageQuery)
  const rows = damage.data?.pages.flatMap((page) => page.damage) ?? []
  if (rows.length === 0) return null
  return (
    <section aria-labelledby="damage" className="mb-10">
      <h2 id="damage" className="text-lg font-semibold text-bad">
        Damaged originals
      </h2>
      <p className="mt-1 mb-3 max-w-2xl text-[15px] leading-relaxed text-soft">
        Their bytes changed while size and time did not. What was known of them is kept.
        Bring each back from a copy, then run{' '}
        <code className="rounded bg-sunken px-1.5 py-0.5 text-[13px]">
          home-media integrity --again
        </code>{' '}
        on the server.
      </p>
      <ul className="flex flex-col divide-y divide-line rounded-xl border border-line bg-raised">
        {rows.map((file) => (
          <DamageRow key={file.file_id} file={file} />
        ))}
      </ul>
      {damage.hasNextPage && (
        <Button
          className="mt-4"
          disabled={damage.isFetchingNextPage}
          onClick={() => damage.fetchNextPage()}
        >
          {damage.isFetchingNextPage ? 'Loading…' : 'Show more damage'}
        </Button>
      )}
    </section>
  )
}

const DamageRow = ({ file }: { file: DamagedFile }) => {
  const { name, folder, size, reason, copy, damaged_at, intact_at, image_id } = file
  return (
    <li className="grid gap-x-6 gap-y-1 px-4 py-3.5 sm:grid-cols-[minmax(0,1fr)_minmax(0,1.4fr)_auto] sm:px-5">
      <div className="min-w-0">
        <p className="text-[15px] font-medium break-words">
          <bdi>{visible(name)}</bdi>
        </p>
        <p className="text-[13px] break-words text-soft">
          <Link to="/" search={{ folder }} className="hover:underline">
            <bdi>{readable(folder)}</bdi>
          </Link>
          {` · ${fileSize(size)}`}
        </p>
      </div>
      <div className="min-w-0 text-sm leading-relaxed break-words">
        <p className="first-letter:uppercase">
          <bdi>{reason}</bdi>
        </p>
        {copy ? (
          <p className="text-good">
            An intact copy: <bdi>{readable(copy)}</bdi>
          </p>
        ) : (
          <p className="font-medium text-bad">No other copy is known.</p>
        )}
      </div>
      <div className="text-[13px] text-soft sm:text-right">
        <p>Seen {clockDay(damaged_at)}</p>
        {intact_at && <p>Last intact {clockDay(intact_at)}</p>}
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
