// What is wrong with a damaged file, and how it becomes well again.
import { Link } from '@tanstack/react-router'
import { clockDay } from '@/lib/dates'
import { visible } from '@/lib/quoted-path'
import { CopyOf } from './copy-of'
import type { RottenFile } from './damaged'

export const FileDamage = ({ file: { name, damage } }: { file: RottenFile }) => (
  <section
    aria-label="Damage"
    className="flex flex-col gap-1.5 rounded-lg bg-bad-wash px-3 py-2.5 text-[13px] leading-relaxed break-words"
  >
    <p>
      <span className="font-semibold text-bad">
        <bdi>{visible(name)}</bdi> is damaged.
      </span>{' '}
      Seen {clockDay(damage.damaged_at)}
      {damage.intact_at && `, last intact ${clockDay(damage.intact_at)}`}.
    </p>
    <p className="first-letter:uppercase">
      <bdi>{damage.reason}</bdi>.
    </p>
    <CopyOf copy={damage.copy} />
    <p>
      Put the file back from {damage.copy ? 'that copy' : 'a backup'}: it is read again
      within minutes, and this notice goes by itself. Thumbnails and values are from
      before, and stay.
    </p>
    <Link
      to="/problems"
      search={{}}
      className="w-fit font-medium text-accent hover:underline"
    >
      All damaged originals
    </Link>
  </section>
)
