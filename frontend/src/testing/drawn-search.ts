// What the API would say of the drawn library's contents: hits, objects, taxa, models.
import type {
  Box,
  DetectionHit,
  Detections,
  Hit,
  ModelState,
  SearchResult,
  Taxon,
} from '@/api/types'
import { type DrawnImage, randomFrom } from './drawn-library.ts'

const PRODUCER = { model: 'siglip2-b16-256', producer_id: '91b3e0c2a4f5d687' }

const taxon = (
  path: string,
  en: string,
  de: string,
  own: number,
  total = own,
): Taxon => ({
  taxon: path,
  parent: path.split('.').slice(0, -1).join('.') || null,
  names: { en, de },
  own,
  total,
})

/** Two branches of a tree; nothing shows a unicorn. */
export const TAXA: Taxon[] = [
  taxon('animal', 'Animal', 'Tier', 0, 80),
  taxon('animal.dog', 'Dog', 'Hund', 52),
  taxon('animal.cat', 'Cat', 'Katze', 28),
  taxon('animal.unicorn', 'Unicorn', 'Einhorn', 0),
  taxon('vehicle', 'Vehicle', 'Fahrzeug', 0, 41),
  taxon('vehicle.truck', 'Truck', 'Lastwagen', 23),
  taxon('vehicle.bicycle', 'Bicycle', 'Fahrrad', 18),
]

export const LABELS = [
  { label: 'dog', count: 52 },
  { label: 'cat', count: 28 },
  { label: 'truck', count: 23 },
]

export const drawHit = (image: DrawnImage, score: number): Hit => ({
  image_id: image.image_id,
  content_id: image.content_id,
  kind: image.kind,
  ratio: image.ratio,
  thumbhash: '1QcSHQRnh493V4dIh4eXh1h4kJUI',
  taken_at: image.taken_at,
  duration: image.duration,
  score,
  source: 'meaning',
  time_offset: image.kind === 'video' ? 2 : null,
})

/** "truck" is a taxon, "submarine" is nothing, all else has a meaning; "off" has no model. */
export function drawSearch(images: readonly DrawnImage[], q: string): SearchResult {
  const random = randomFrom(q.length + 1)
  const pick = (from: number, count: number) =>
    images
      .filter((_, at) => at % (2 + (q.length % 3)) === 0)
      .slice(from, from + count)
      .map((image, at) => drawHit(image, 0.34 - at / 400 - random() / 400))
  const truck = q === 'truck' || q === 'Lastwagen'
  const off = q.startsWith('off')
  const nothing = q === 'submarine' || q === 'off submarine'
  const known = pick(0, 23).map((hit) => ({
    ...hit,
    source: 'taxon' as const,
    score: 0.9,
  }))
  return {
    query: q,
    taxon: truck ? { taxon: 'vehicle.truck', name: 'Truck', count: 23 } : null,
    producer: off ? null : PRODUCER,
    reason: off ? 'The weights of siglip2-b16-256 are not on this machine.' : null,
    likely: nothing ? [] : truck ? known : pick(0, 9),
    possible: nothing || off ? [] : pick(9, 11),
  }
}

export const drawSimilar = (images: readonly DrawnImage[]): Hit[] =>
  images.slice(5, 35).map((image, at) => drawHit(image, 0.98 - at / 60))

export const drawSimilarDetections = (images: readonly DrawnImage[]): DetectionHit[] =>
  images.slice(8, 28).map((image, at) => ({
    ...drawHit(image, 0.97 - at / 60),
    detection_id: `00000000-0000-4000-9000-${String(at).padStart(12, '0')}`,
    label: 'truck',
    box: [0.2 + at / 60, 0.35, 0.3, 0.4],
  }))

/** Three objects; the hill and the sun of the drawing are among them. */
export function drawDetections(image: DrawnImage): Detections {
  const found = (
    at: number,
    label: string,
    path: string | null,
    score: number,
    box: Box,
    counts: string,
    size: [number, number],
  ): Detections['detections'][number] => ({
    detection_id: `00000000-0000-4000-9000-${String(at).padStart(12, '0')}`,
    label,
    taxon: path,
    name: label.replace(/^./, (first) => first.toUpperCase()),
    score,
    box,
    frame: 0,
    time_offset: image.kind === 'video' ? at * 2 : null,
    mask: image.kind === 'video' ? null : { size, counts, box, score: 0.9 },
  })
  const sun = 120 / (600 * image.ratio)
  return {
    producer: { model: 'yolo26m-seg', producer_id: '91b3e0c2a4f5d688' },
    detections: [
      found(
        1,
        'truck',
        'vehicle.truck',
        0.91,
        [0.05, 0.43, 0.6, 0.5],
        DISC,
        [120, 160],
      ),
      found(
        2,
        'dog',
        'animal.dog',
        0.83,
        [0.7 - sun / 2, 0.18, sun, 0.2],
        DISC,
        [120, 160],
      ),
      found(3, 'kite', null, 0.41, [0.02, 0.01, 0.14, 0.16], '0<', [3, 4]),
    ],
  }
}

/** A disc, written by pycocotools. */
const DISC =
  'cX4c0Q38I6K4L4L4L4M2N2M4M2N2N2N2N2N2N2O0O2N2N2O0O2O0O2O0O2O0O2O000O2O00000O2O000000000000000000000000000000000001N1000001N10001N101N101N101N101N2N2N101N2N2N2N2N2N2N3L3N2N3L4L4L4L5J7HiQ4'

export const MODELS: ModelState[] = [
  {
    asset: 'detections',
    role: 'detector',
    active: {
      ...PRODUCER,
      model: 'yolo26m-seg',
      contents: 2000,
      done: 2000,
      failed: 0,
    },
    filling: null,
    previous: null,
    reason: null,
  },
  {
    asset: 'masks',
    role: 'segmenter',
    active: {
      ...PRODUCER,
      model: 'sam2.1-base-plus',
      contents: 2000,
      done: 1412,
      failed: 3,
    },
    filling: null,
    previous: null,
    reason: 'Waits for the GPU, which is off.',
  },
  {
    asset: 'embeddings',
    role: 'embedder',
    active: { ...PRODUCER, contents: 2000, done: 2000, failed: 0 },
    filling: {
      ...PRODUCER,
      model: 'clip-b32-256',
      contents: 2000,
      done: 731,
      failed: 0,
    },
    previous: { ...PRODUCER, model: 'tiny-clip' },
    reason: null,
  },
  {
    asset: 'crop_embeddings',
    role: 'embedder',
    active: null,
    filling: null,
    previous: null,
    reason: 'The weights of siglip2-b16-256 are not on this machine.',
  },
]
