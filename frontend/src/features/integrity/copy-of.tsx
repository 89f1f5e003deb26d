// Whether what a damaged file should be is still somewhere.
import { readable } from '@/lib/quoted-path'

export const CopyOf = ({ copy }: { copy: string | null }) =>
  copy ? (
    <p className="text-good">
      An intact copy: <bdi>{readable(copy)}</bdi>
    </p>
  ) : (
    <p className="font-medium text-bad">No other copy is known.</p>
  )
