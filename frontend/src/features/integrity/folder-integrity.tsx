// Since when the originals of a folder are known to be what they were.
import { Link } from '@tanstack/react-router'
import type { Folder } from '@/api/types'
import { clockDay } from '@/lib/dates'
import { count, counted } from '@/lib/format'

type Props = { integrity: Folder['integrity'] }

/** Nothing while nothing was read again: then nothing is known. */
export const FolderIntegrity = ({ integrity }: Props) => {
  if (!integrity?.verified_at) return null
  const { files, unchanged, damaged, unchanged_since, verified_at } = integrity
  const all = unchanged === files
  const number = all ? count(files) : `${count(unchanged)} of ${count(files)}`
  return (
    <p className="text-[13px] text-soft">
      {unchanged > 0 && unchanged_since && (
        <span
          title={`Read again ${clockDay(verified_at)} or later; files that came later are unchanged since they came`}
        >
          {number} {files === 1 ? 'file' : 'files'} unchanged since{' '}
          {clockDay(unchanged_since)}
        </span>
      )}
      {unchanged > 0 && damaged > 0 && ' · '}
      {damaged > 0 && (
        <Link
          to="/problems"
          search={{}}
          className="font-medium whitespace-nowrap text-bad hover:underline"
        >
          {counted(damaged, 'damaged file')}
        </Link>
      )}
    </p>
  )
}
