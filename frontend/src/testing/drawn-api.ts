// The drawn library served by the development server, to work on the gallery alone.
import type { Plugin } from 'vite'
import { AGENTS } from './drawn-agents.ts'
import {
  type DrawnImage,
  drawBucket,
  drawDamage,
  drawDetail,
  drawFolder,
  drawImages,
  drawProblem,
  drawTimeline,
} from './drawn-library.ts'
import {
  drawDetections,
  drawSearch,
  drawSimilar,
  drawSimilarDetections,
  LABELS,
  MODELS,
  TAXA,
} from './drawn-search.ts'

const FOLDERS = [
  drawFolder('2024/beach', 120),
  drawFolder('2024/snow', 64),
  drawFolder('2023/garden', 48, {
    integrity: {
      files: 48,
      unchanged: 46,
      damaged: 2,
      unchanged_since: '2024-07-05T08:00:00Z',
      verified_at: '2026-11-01T03:12:00Z',
    },
  }),
  drawFolder('old scans', 12, {
    state: 'unreachable',
    reason: 'The folder is empty, and 12 files were known.',
  }),
]
const LIBRARY = {
  library: 'photos',
  root: '/mnt/nas/photos',
  state: 'reachable',
  reason: null,
  folders: 4,
  files: 301,
  images: 244,
}
const DAMAGE = [
  drawDamage('DSC_0412.JPG', { copy: 'archive/2024/beach/DSC_0412.JPG' }),
  drawDamage('IMG_2024 a long name of a picture at the lake.heic'),
]
const PROBLEMS = [
  drawProblem('truncated.jpg', 'The picture ends after its header.'),
  drawProblem('notes.png', 'Not a picture: it holds plain text.'),
]

/** Answers /api of `npm run dev:drawn`. */
export function drawnApi(count = 2_000): Plugin {
  const images = drawImages(count)
  return {
    name: 'drawn-api',
    configureServer: ({ middlewares }) => {
      middlewares.use('/api', (request, response) => {
        const { pathname, searchParams } = new URL(request.url ?? '/', 'http://drawn')
        const picture = /^\/thumbnails\/([0-9a-f]+)\//.exec(pathname)
        const drawn = images.find(({ content_id }) => content_id === picture?.[1])
        if (drawn) {
          response.setHeader('Content-Type', 'image/svg+xml')
          response.end(drawPicture(drawn))
          return
        }
        const answer = answerTo(pathname, images, searchParams.get('q') ?? '')
        response.statusCode = answer ? 200 : 404
        response.setHeader('Content-Type', 'application/json')
        response.end(JSON.stringify(answer ?? { title: 'Not Found', status: 404 }))
      })
    },
  }
}

function answerTo(path: string, images: readonly DrawnImage[], q: string): unknown {
  const bucket = /^\/timeline\/(.+)$/.exec(path)?.[1]
  if (bucket) return drawBucket(images, bucket)
  const id = /^\/images\/([^/]+)$/.exec(path)?.[1]
  const image = images.find(({ image_id }) => image_id === id)
  if (image) return drawDetail(image)
  const [, shown, what] = /^\/images\/([^/]+)\/(detections|similar)$/.exec(path) ?? []
  const seen = images.find(({ image_id }) => image_id === shown)
  if (seen && what === 'detections') return drawDetections(seen)
  if (seen) return { images: drawSimilar(images) }
  if (path.startsWith('/detections/')) {
    return { detections: drawSimilarDetections(images) }
  }
  return {
    '/search': drawSearch(images, q),
    '/search/image': { ...drawSearch(images, 'a picture'), query: null },
    '/taxa': TAXA,
    '/labels': LABELS,
    '/models': MODELS,
    '/agents': AGENTS,
    '/timeline': drawTimeline(images),
    '/facets': {
      cameras: [{ value: 'Canon EOS R5', count: 9 }],
      lenses: [],
      kinds: [],
    },
    '/folders': FOLDERS,
    '/libraries': [LIBRARY],
    '/integrity': { ...FOLDERS[1]?.integrity, damaged: DAMAGE.length },
    '/integrity/damage': { damage: DAMAGE, next: null, count: DAMAGE.length },
    '/problems': { problems: PROBLEMS, next: null, count: PROBLEMS.length },
  }[path]
}

const drawPicture = ({ hue, ratio }: DrawnImage) => `
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${Math.round(600 * ratio)} 600">
  <rect width="100%" height="100%" fill="hsl(${hue} 45% 72%)"/>
  <circle cx="70%" cy="28%" r="60" fill="hsl(${(hue + 40) % 360} 80% 88%)"/>
  <path d="M0 600 L0 430 L${150 * ratio} 260 L${300 * ratio} 450 L${430 * ratio} 330 L${600 * ratio} 480 L${600 * ratio} 600z" fill="hsl(${(hue + 200) % 360} 30% 40%)"/>
</svg>`
