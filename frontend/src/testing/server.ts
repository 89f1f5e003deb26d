// The API as unit tests meet it: a network that answers from a drawn library.
import { HttpResponse, http } from 'msw'
import { setupServer } from 'msw/node'
import {
  drawBucket,
  drawDetail,
  drawFolder,
  drawImages,
  drawNode,
  drawTimeline,
} from './drawn-library'
import {
  drawDetections,
  drawSearch,
  drawSimilar,
  drawSimilarDetections,
  LABELS,
  MODELS,
  TAXA,
} from './drawn-search'

export const images = drawImages(60)

export const server = setupServer(
  http.get('*/api/timeline', () => HttpResponse.json(drawTimeline(images))),
  http.get('*/api/timeline/:bucket', ({ params }) =>
    HttpResponse.json(drawBucket(images, String(params.bucket))),
  ),
  http.get('*/api/images/:id', ({ params }) => {
    const image = images.find(({ image_id }) => image_id === params.id)
    return image
      ? HttpResponse.json(drawDetail(image))
      : HttpResponse.json({ detail: 'There is no such image.' }, { status: 404 })
  }),
  http.get('*/api/images/:id/detections', ({ params }) => {
    const image = images.find(({ image_id }) => image_id === params.id)
    return HttpResponse.json(image && drawDetections(image))
  }),
  http.get('*/api/images/:id/similar', () =>
    HttpResponse.json({ images: drawSimilar(images) }),
  ),
  http.get('*/api/detections/:id/similar', () =>
    HttpResponse.json({ detections: drawSimilarDetections(images) }),
  ),
  http.get('*/api/search', ({ request }) => {
    const q = new URL(request.url).searchParams.get('q') ?? ''
    return HttpResponse.json(drawSearch(images, q))
  }),
  http.get('*/api/taxa', () => HttpResponse.json(TAXA)),
  http.get('*/api/labels', () => HttpResponse.json(LABELS)),
  http.get('*/api/models', () => HttpResponse.json(MODELS)),
  http.get('*/api/agents', () => HttpResponse.json({ agents: [], queue: null })),
  http.get('*/api/facets', () =>
    HttpResponse.json({
      cameras: [{ value: 'Canon EOS R5', count: 9 }],
      lenses: [],
      kinds: [],
    }),
  ),
  http.get('*/api/folders', () =>
    HttpResponse.json({
      folders: [drawFolder('2024/beach', 40), drawFolder('2023/snow', 20)],
      next: null,
    }),
  ),
  http.get('*/api/folders/tree', ({ request }) => {
    const parent = new URL(request.url).searchParams.get('parent')
    return HttpResponse.json(
      parent === null
        ? [drawNode('photos', 60, { parent: true, folders: 2 })]
        : [
            drawNode('photos/2024', 40, { parent: true }),
            drawNode('photos/2023', 20, { parent: true }),
          ],
    )
  }),
  http.get('*/api/libraries', () => HttpResponse.json([])),
  http.get('*/api/integrity/damage', () =>
    HttpResponse.json({ damage: [], next: null, count: 0 }),
  ),
  http.get('*/api/problems', () =>
    HttpResponse.json({ problems: [], next: null, count: 0 }),
  ),
)
