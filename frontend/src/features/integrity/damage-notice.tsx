// Says over an image that a file of it is damaged, and what is shown nevertheless.
import type { ImageDetail } from '@/api/types'
import { IconProblem } from '@/components/ui/icons'
import { clockDay } from '@/lib/dates'
import { counted } from '@/lib/format'
import { visible } from '@/lib/quoted-path'
import { damagedFiles, servesDamage } from './damaged'

type Props = {
  image: ImageDetail | undefined
  /** Leads to what is known and what to do; absent while that is shown. */
  onMore: (() => void) | undefined
}

export function DamageNotice({ image, onMore }: Props) {
  const files = damagedFiles(image)
  const [first] = files
  return (
    <div role="status">
      {image && first && (
        <div className="mx-3 mb-2 flex items-center gap-3 rounded-xl bg-bad-wash px-4 py-2.5 text-sm leading-snug text-ink">
          <IconProblem className="size-5 text-bad max-sm:hidden" />
          <p className="min-w-0 flex-1 break-words">
            <strong className="font-semibold text-bad">
              {files.length > 1 ? (
                `${counted(files.length, 'file')} of this image are damaged.`
              ) : (
                <>
                  <bdi>{visible(first.name)}</bdi> is damaged.
                </>
              )}
            </strong>{' '}
            Seen {clockDay(first.damage.damaged_at)}. {whatIsShown(image)}
          </p>
          {onMore && (
            <button
              type="button"
              onClick={onMore}
              className="shrink-0 rounded-lg px-2.5 py-1.5 font-medium text-bad hover:bg-raised"
            >
              What to do
            </button>
          )}
        </div>
      )}
    </div>
  )
}

function whatIsShown(image: ImageDetail): string {
  if (!servesDamage(image)) return 'What you see and download does not come from it.'
  return image.kind === 'video'
    ? 'It plays and downloads as it is now.'
    : 'The picture here is from before; a download is the damaged file.'
}
