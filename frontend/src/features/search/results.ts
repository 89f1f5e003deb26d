// Search results as grids and viewers need them: columns, reasons, one sequence.
import type { Bucket, DetectionHit, Hit, SearchResult } from '@/api/types'
import type { Glimpse } from '@/features/timeline/sequence'
import type { Neighbours } from '@/features/viewer/use-neighbours'
import { playingTime } from '@/lib/format'

/** A band of a results page. A heading stands above it when it has a title. */
export type Band = {
  name: string
  title?: string
  lead?: string
  hits: readonly (Hit | DetectionHit)[]
}

/** The two bands of an answer; the second has a heading. */
export function bandsOf(answer: SearchResult | undefined): Band[] {
  if (!answer) return []
  const lead = 'Less sure, most alike first'
  return [
    { name: 'likely', hits: answer.likely },
    { name: 'possible', title: 'Possible', lead, hits: answer.possible },
  ]
}

/** Hits as the columns that tiles are drawn from. */
export const columnsOf = (hits: readonly Hit[]): Bucket => ({
  bucket: '',
  image_id: hits.map(({ image_id }) => image_id),
  ratio: hits.map(({ ratio }) => ratio),
  thumbhash: hits.map(({ thumbhash }) => thumbhash),
  content_id: hits.map(({ content_id }) => content_id),
  taken_at: hits.map(({ taken_at }) => taken_at),
  kind: hits.map(({ kind }) => kind),
  duration: hits.map(({ duration }) => duration),
  stack_size: hits.map(() => 1),
})

const percent = (score: number | null) =>
  score == null ? '' : `, ${Math.round(100 * score)} %`

/** Why a picture is among the results, shortly. */
export function reasonOf(hit: Hit | DetectionHit): string {
  const at = hit.time_offset == null ? '' : ` at ${playingTime(hit.time_offset)}`
  if ('label' in hit) return `${hit.label}${at}${percent(hit.score)} alike`
  if (hit.source === 'taxon') {
    return hit.score == null
      ? 'A keyword says so'
      : `Seen in it${at}${percent(hit.score)}`
  }
  if (hit.source === 'words') return 'In its name, title or keywords'
  return `Alike${at}: ${hit.score?.toFixed(2) ?? ''}`
}

/** Every picture of the bands once, in order. */
export function sequenceOf(
  bands: readonly Band[],
): (Glimpse & { at: number | null })[] {
  const seen = new Map<string, Glimpse & { at: number | null }>()
  for (const { hits } of bands) {
    for (const hit of hits) {
      if (seen.has(hit.image_id)) continue
      const { image_id, content_id, kind, ratio, thumbhash } = hit
      const at = hit.time_offset
      seen.set(image_id, { image_id, content_id, kind, ratio, thumbhash, at })
    }
  }
  return [...seen.values()]
}

/** What stands beside a picture in the sequence of the results. */
export function neighboursIn(
  sequence: readonly Glimpse[],
  imageId: string,
): Neighbours {
  const at = sequence.findIndex(({ image_id }) => image_id === imageId)
  const total = sequence.length
  if (at < 0) return { image_id: imageId, total }
  return {
    image_id: imageId,
    current: sequence[at],
    newer: sequence[at - 1],
    older: sequence[at + 1],
    number: at + 1,
    total,
  }
}
