// One object of a picture: what it is, how sure that is, and what looks like it.
import { Link } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import type { Box, Detection } from '@/api/types'
import { IconButton } from '@/components/ui/button'
import { IconClose, IconSimilar } from '@/components/ui/icons'
import { TaxonChip } from '@/features/taxonomy/taxon-chips'
import { useTaxonName } from '@/features/taxonomy/use-taxon-name'
import { sure } from './texts'

type Props = { detection: Detection; onClose: () => void }

export function DetectionPanel({ detection, onClose }: Props) {
  const { detection_id, label, taxon, name, score, box, mask } = detection
  const nameOf = useTaxonName()
  const panel = useRef<HTMLElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: another object is another panel
  useEffect(() => panel.current?.focus({ preventScroll: true }), [detection_id])

  return (
    <section
      ref={panel}
      tabIndex={-1}
      aria-label={`${name}, ${sure(score)} sure`}
      className={`absolute bottom-3 z-20 rounded-2xl border border-line bg-raised p-4 text-ink shadow-xl outline-none max-sm:inset-x-3 sm:w-72 ${
        isLeft(box) ? 'sm:right-3' : 'sm:left-3'
      }`}
    >
      <div className="-mt-1.5 -mr-2 flex items-center justify-between gap-2">
        <h2 className="truncate text-base font-semibold">{name}</h2>
        <IconButton label="Close the object" onClick={onClose}>
          <IconClose className="size-4.5" />
        </IconButton>
      </div>
      <p className="mb-3 text-[13px] text-soft">
        {sure(score)} sure · the model says “<bdi>{label}</bdi>”
        {mask?.score != null && <> · outline {sure(mask.score)}</>}
      </p>
      <div className="flex flex-wrap items-center gap-2">
        <Link
          to="/detections/$detectionId/similar"
          params={{ detectionId: detection_id }}
          search={{}}
          className="inline-flex h-8 items-center gap-1.5 rounded-full bg-accent px-3 text-[13px] font-medium text-accent-ink"
        >
          <IconSimilar className="size-4" />
          More like this
        </Link>
        {taxon && (
          <TaxonChip
            taxon={taxon}
            name={nameOf(taxon, name)}
            title={`Seen in the picture, ${sure(score)} sure`}
          />
        )}
      </div>
    </section>
  )
}

/** An object on the left has its panel on the right, so that neither hides the other. */
const isLeft = ([x = 0, , width = 0]: Box) => x + width / 2 < 0.5
