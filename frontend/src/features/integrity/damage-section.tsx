// Originals whose bytes changed though nobody wrote them anew: the worst of all problems.
import { useInfiniteQuery } from '@tanstack/react-query'
import { FileList, FileRow } from '@/components/ui/file-list'
import { clockDay } from '@/lib/dates'
import { fileSize } from '@/lib/format'
import { CopyOf } from './copy-of'
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
        Bring each back from a copy: it is read again within minutes, and leaves this
        list when it is as it was.
      </p>
      <FileList pages={damage} more="Show more damage">
        {rows.map((file) => (
          <FileRow
            key={file.file_id}
            file={file}
            beside={fileSize(file.size)}
            when={
              <>
                <p>Seen {clockDay(file.damaged_at)}</p>
                {file.intact_at && <p>Last intact {clockDay(file.intact_at)}</p>}
              </>
            }
          >
            <p className="first-letter:uppercase">
              <bdi>{file.reason}</bdi>
            </p>
            <CopyOf copy={file.copy} />
          </FileRow>
        ))}
      </FileList>
    </section>
  )
}
