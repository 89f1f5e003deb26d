// Everything known of an image, each value with its source.
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { originalUrl } from '@/api/addresses'
import type { ImageDetail } from '@/api/types'
import { IconButton } from '@/components/ui/button'
import { IconClose, IconDownload } from '@/components/ui/icons'
import { ErrorState, LoadingLines } from '@/components/ui/states'
import { damagedFiles } from '@/features/integrity/damaged'
import { FileDamage } from '@/features/integrity/file-damage'
import { TaxonChips } from '@/features/taxonomy/taxon-chips'
import { clockTime } from '@/lib/dates'
import { counted, fileSize } from '@/lib/format'
import { readable, visible } from '@/lib/quoted-path'
import { imageQuery } from './queries'
import { linesOf } from './values'

export function InfoPanel({
  imageId,
  onClose,
}: {
  imageId: string
  onClose: () => void
}) {
  const image = useQuery(imageQuery(imageId))
  return (
    <aside
      aria-label="Information"
      className="flex h-full flex-col overflow-y-auto overscroll-contain bg-raised pb-[env(safe-area-inset-bottom)] text-ink"
    >
      <header className="sticky top-0 z-10 flex items-center justify-between bg-raised/95 py-2 pr-2 pl-5 backdrop-blur">
        <h2 className="text-base font-semibold">Information</h2>
        <IconButton label="Hide information" onClick={onClose}>
          <IconClose />
        </IconButton>
      </header>
      <div className="flex flex-col gap-6 px-5 pt-1 pb-6">
        {image.isPending && <LoadingLines label="Loading the information" />}
        {image.isError && (
          <ErrorState
            title="The information could not be loaded"
            error={image.error}
            onRetry={() => image.refetch()}
          />
        )}
        {image.data && <Details image={image.data} />}
      </div>
    </aside>
  )
}

const Details = ({ image }: { image: ImageDetail }) => (
  <>
    {damagedFiles(image).map((file) => (
      <FileDamage key={file.file_id} file={file} />
    ))}
    {image.warning && (
      <p className="rounded-lg bg-sunken px-3 py-2 text-[13px] text-warn">
        {image.warning}
      </p>
    )}
    {image.taxa.length > 0 && <TaxonChips taxa={image.taxa} />}
    <dl className="flex flex-col gap-2.5">
      {linesOf(image).map(({ label, text, source }) => (
        <div key={label} className="grid grid-cols-[6.5rem_1fr] gap-x-3 text-sm">
          <dt className="text-soft">{label}</dt>
          <dd className="min-w-0 break-words">
            <bdi className="mr-2">{text}</bdi>
            {source && (
              <span
                className="inline-block max-w-full truncate align-bottom text-xs text-soft"
                title="Where this value comes from"
              >
                <bdi>{source}</bdi>
              </span>
            )}
          </dd>
        </div>
      ))}
    </dl>
    <Section title={counted(image.files.length, 'file')}>
      <ul className="flex flex-col gap-3">
        {image.files.map((file) => (
          <li key={file.file_id} className="flex items-start gap-2 text-sm">
            <div className="min-w-0 flex-1">
              <p className="break-words font-medium">
                <bdi>{visible(file.name)}</bdi>
              </p>
              <p className="break-words text-[13px] text-soft">
                <bdi>{readable(file.folder)}</bdi>
              </p>
              <p className="text-[13px] text-soft">
                {[file.part, file.format?.toUpperCase(), fileSize(file.size)]
                  .filter(Boolean)
                  .join(' · ')}
                {file.claimed_format && file.claimed_format !== file.format && (
                  <span className="text-warn"> · named like {file.claimed_format}</span>
                )}
                {file.damage && <span className="text-bad"> · damaged</span>}
                {file.missing_since && (
                  <span className="text-bad">
                    {' '}
                    · missing since {clockTime(file.missing_since)}
                  </span>
                )}
              </p>
            </div>
            {!file.missing_since && (
              <a
                href={originalUrl(image.image_id, file.file_id)}
                download
                aria-label={`Download ${visible(file.name)}`}
                title="Download"
                className="grid size-9 shrink-0 place-items-center rounded-full text-soft hover:bg-sunken hover:text-ink"
              >
                <IconDownload className="size-4.5" />
              </a>
            )}
          </li>
        ))}
      </ul>
    </Section>
    {image.problems.length > 0 && (
      <Section title={counted(image.problems.length, 'problem')}>
        <ul className="flex flex-col gap-2">
          {image.problems.map(({ asset, reason, attempts, permanent }) => (
            <li key={asset} className="rounded-lg bg-bad-wash px-3 py-2 text-[13px]">
              <span className="font-medium text-bad">{asset}</span>{' '}
              <bdi className="break-words">{reason}</bdi>
              <span className="block text-soft">
                {counted(attempts, 'attempt')}
                {permanent ? ', not tried again' : ', tried again'}
              </span>
            </li>
          ))}
        </ul>
      </Section>
    )}
    {image.producers.length > 0 && (
      <Section title="Made by">
        <ul className="flex flex-col gap-1 text-[13px]">
          {image.producers.map(
            ({ asset, producer_id, code_version, model, active }) => (
              <li key={producer_id} className="flex justify-between gap-3">
                <span>
                  {asset}
                  {model && <span className="text-soft"> · {model}</span>}
                </span>
                <span className="text-soft tabular-nums">
                  version {code_version}
                  {!active && ' (outdated)'}
                </span>
              </li>
            ),
          )}
        </ul>
      </Section>
    )}
  </>
)

const Section = ({ title, children }: { title: string; children: ReactNode }) => (
  <section className="border-t border-line pt-4">
    <h3 className="mb-2.5 text-[13px] font-semibold text-soft">{title}</h3>
    {children}
  </section>
)
