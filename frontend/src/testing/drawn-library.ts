// A made-up library and what the API would answer about it; the same every time.
import type {
  Bucket,
  BucketSummary,
  DamagedFile,
  Folder,
  FolderNode,
  ImageDetail,
  Problem,
} from '@/api/types'

export type DrawnImage = {
  image_id: string
  content_id: string
  ratio: number
  taken_at: string
  kind: 'picture' | 'video'
  duration: number | null
  stack_size: number
  hue: number
}

const hex = (value: number, digits: number) => value.toString(16).padStart(digits, '0')

/** A sequence of numbers from 0 to 1 that a seed decides (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

const RATIOS = [1.5, 1.5, 4 / 3, 4 / 3, 3 / 4, 2 / 3, 16 / 9, 1]

/** `count` images, newest first, over about six years in bursts of a few days. */
export function drawImages(count: number, seed = 7): DrawnImage[] {
  const random = randomFrom(seed)
  let moment = Date.UTC(2024, 6, 14, 18, 30)
  return Array.from({ length: count }, (_, at) => {
    const pause = random()
    moment -=
      pause < 0.86 ? pause * 40 * 60_000 : (pause - 0.8) * 380 * 86_400_000 * 0.7
    const video = random() < 0.06
    return {
      image_id: `00000000-0000-4000-8000-${hex(at + 1, 12)}`,
      content_id: hex(at + 1, 64),
      ratio: video ? 16 / 9 : (RATIOS[Math.floor(random() * RATIOS.length)] ?? 1),
      taken_at: new Date(moment).toISOString().slice(0, 19),
      kind: video ? 'video' : 'picture',
      duration: video ? Math.round(random() * 90) + 3 : null,
      stack_size: random() < 0.05 ? 2 : 1,
      hue: Math.floor(random() * 360),
    }
  })
}

const monthOf = ({ taken_at }: DrawnImage) => taken_at.slice(0, 7)

export function drawTimeline(images: readonly DrawnImage[]) {
  const buckets: BucketSummary[] = []
  for (const image of images) {
    const month = monthOf(image)
    const last = buckets.at(-1)
    if (last?.month === month) {
      last.count += 1
      last.ratio_sum += image.ratio
    } else buckets.push({ bucket: month, month, count: 1, ratio_sum: image.ratio })
  }
  return { buckets, count: images.length }
}

export function drawBucket(images: readonly DrawnImage[], bucket: string): Bucket {
  const inside = images.filter((image) => monthOf(image) === bucket)
  return {
    bucket,
    image_id: inside.map(({ image_id }) => image_id),
    ratio: inside.map(({ ratio }) => ratio),
    thumbhash: inside.map(() => '1QcSHQRnh493V4dIh4eXh1h4kJUI'),
    content_id: inside.map(({ content_id }) => content_id),
    taken_at: inside.map(({ taken_at }) => taken_at),
    kind: inside.map(({ kind }) => kind),
    duration: inside.map(({ duration }) => duration),
    stack_size: inside.map(({ stack_size }) => stack_size),
  }
}

export function drawDetail(image: DrawnImage): ImageDetail {
  const exif = <T>(value: T) => ({ value, source: 'exif' })
  return {
    image_id: image.image_id,
    kind: image.kind,
    content_id: image.content_id,
    folder: 'photos/2024/beach',
    library: 'photos',
    ratio: image.ratio,
    thumbhash: null,
    mean_color: '#7f8a91',
    warning: null,
    values: {
      taken_at: exif(image.taken_at),
      utc_offset: exif(120),
      make: exif('Canon'),
      model: exif('Canon EOS R5'),
      lens: exif('RF24-105mm F4 L IS USM'),
      exposure_time: exif(0.004),
      f_number: exif(5.6),
      iso: exif(200),
      focal_length: exif(35),
      latitude: exif(43.7384),
      longitude: exif(7.4246),
      width: exif(Math.round(4000 * image.ratio)),
      height: exif(4000),
      rating: { value: 4, source: 'sidecar:DSC_0412.xmp' },
      title: { value: 'An evening by the harbour', source: 'sidecar:DSC_0412.xmp' },
      keywords: { value: ['sea', 'boats', 'evening'], source: 'sidecar:DSC_0412.xmp' },
    },
    files: [
      drawFile('DSC_0412.JPG', 'jpeg', 'picture', 'primary', 8_123_456),
      drawFile('DSC_0412.NEF', 'nef', 'raw', 'raw', 48_123_456),
      drawFile('DSC_0412.xmp', 'xmp', 'sidecar', 'sidecar', 4_812),
    ],
    thumbnails: [],
    motion: null,
    producers: [
      {
        asset: 'exif',
        producer_id: '91b3e0c2a4f5d687',
        code_version: '1',
        model: null,
        parameters: {},
        active: true,
      },
    ],
    problems: [],
    taxa: [
      {
        taxon: 'vehicle.truck',
        names: { en: 'Truck', de: 'Lastwagen' },
        source: 'detection',
        score: 0.91,
      },
      {
        taxon: 'animal.dog',
        names: { en: 'Dog', de: 'Hund' },
        source: 'keyword',
        score: null,
      },
    ],
  }
}

type File = ImageDetail['files'][number]

const drawFile = (
  name: string,
  format: string,
  role: File['role'],
  part: File['part'],
  size: number,
): File => ({
  file_id: `7d1f2c7e-55a1-5f5b-8a0e-${hex(size, 12)}`,
  name,
  path: `2024/beach/${name}`,
  folder: 'photos/2024/beach',
  library: 'photos',
  size,
  mtime: '2024-07-03T10:01:22Z',
  content_id: hex(size, 64),
  format,
  claimed_format: null,
  role,
  part,
  missing_since: null,
  damage: null,
})

export const drawNode = (
  folder: string,
  images: number,
  more: Partial<FolderNode> = {},
): FolderNode => ({
  folder,
  library: folder.split('/')[0] ?? '',
  name: folder.split('/').at(-1) ?? '',
  images,
  folders: 1,
  unreachable: false,
  parent: false,
  ...more,
})

export const drawFolder = (
  path: string,
  images: number,
  more: Partial<Folder> = {},
) => ({
  folder: `photos/${path}`,
  library: 'photos',
  path,
  name: path.split('/').at(-1) ?? '',
  state: 'reachable' as const,
  reason: null,
  file_count: images,
  images,
  scanned_at: '2024-07-05T08:00:00Z',
  assets: {
    files: { fresh: 1, stale: 0, failed: 0, waiting: 0 },
    exif: { fresh: images, stale: 0, failed: 0, waiting: 0 },
    images: { fresh: images, stale: 0, failed: 0, waiting: 0 },
    thumbnails: { fresh: images, stale: 0, failed: 0, waiting: 0 },
    detections: { fresh: images, stale: 0, failed: 0, waiting: 0 },
    masks: { fresh: images - 9, stale: 0, failed: 1, waiting: 8 },
    embeddings: { fresh: images - 5, stale: 5, failed: 0, waiting: 0 },
    crop_embeddings: { fresh: 0, stale: 0, failed: 0, waiting: images },
    taxonomy_links: { fresh: images, stale: 0, failed: 0, waiting: 0 },
  },
  integrity: {
    files: images,
    unchanged: images,
    damaged: 0,
    unchanged_since: '2024-07-05T08:00:00Z',
    verified_at: '2026-11-01T03:12:00Z',
  },
  ...more,
})

export const drawProblem = (name: string, reason: string): Problem => ({
  asset: 'thumbnails',
  subject: name,
  content_id: hex(99, 64),
  file_id: '7d1f2c7e-55a1-5f5b-8a0e-5a8f0f1b2c3d',
  library: 'photos',
  folder: 'photos/2024/beach',
  path: `2024/beach/${name}`,
  name,
  reason,
  permanent: true,
  attempts: 1,
  first_at: '2024-07-05T08:00:00Z',
  last_at: '2024-07-05T08:00:00Z',
  image_id: null,
})

export const drawDamage = (
  name: string,
  more: Partial<DamagedFile> = {},
): DamagedFile => ({
  file_id: `7d1f2c7e-55a1-5f5b-8a0e-${hex(name.length, 12)}`,
  library: 'photos',
  folder: 'photos/2024/beach',
  path: `2024/beach/${name}`,
  name,
  size: 4_201_337,
  content_id: hex(7, 64),
  found: hex(8, 64),
  reason:
    'its bytes changed, its size and time did not; nothing wrote to it since it was intact: a disk lost them',
  damaged_at: '2026-11-01T03:12:00Z',
  intact_at: '2026-10-01T03:10:00Z',
  image_id: null,
  copy: null,
  ...more,
})
