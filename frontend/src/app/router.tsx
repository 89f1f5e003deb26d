// Addresses: the timeline with its filters, an image above it, and the pages.
import {
  createRootRoute,
  createRoute,
  createRouter,
  Link,
  lazyRouteComponent,
  Outlet,
  type RouterHistory,
  redirect,
  useParams,
} from '@tanstack/react-router'
import { EmptyState } from '@/components/ui/states'
import { readFilters, writeFilters } from '@/features/filters/filters'
import { useFilters } from '@/features/filters/use-filters'
import { Timeline } from '@/features/timeline/timeline'
import { TimelineViewer } from '@/features/viewer/timeline-viewer'
import { Shell } from './shell'

const root = createRootRoute({
  validateSearch: readFilters,
  component: function Root() {
    return (
      <Shell filters={useFilters()}>
        <Outlet />
      </Shell>
    )
  },
  notFoundComponent: () => (
    <EmptyState title="There is no such page">
      <Link to="/" search={{}} className="font-medium text-accent underline">
        Go to the pictures
      </Link>
    </EmptyState>
  ),
})

/** The timeline stays mounted below the viewer, so closing it finds all as it was. */
const gallery = createRoute({
  getParentRoute: () => root,
  id: 'gallery',
  component: function Gallery() {
    const filters = useFilters()
    const { imageId } = useParams({ strict: false })
    return (
      <>
        <h1 className="sr-only">Photos</h1>
        <Timeline filters={filters} imageId={imageId} />
        <Outlet />
      </>
    )
  },
})

const everything = createRoute({
  getParentRoute: () => gallery,
  path: '/',
  beforeLoad: ({ search }) => {
    if (search.q !== undefined) throw redirect({ to: '/search', search, replace: true })
  },
})

const image = createRoute({
  getParentRoute: () => gallery,
  path: '/images/$imageId',
  component: function OneImage() {
    const { imageId } = image.useParams()
    return <TimelineViewer imageId={imageId} filters={useFilters()} />
  },
})

/** Results stay mounted below the viewer, too: `$shownId` is the picture it shows. */
const search = createRoute({
  getParentRoute: () => root,
  path: '/search',
  component: lazyRouteComponent(
    () => import('@/features/search/search-page'),
    'SearchPage',
  ),
})

const picture = createRoute({
  getParentRoute: () => root,
  path: '/search/pictures/$name',
  component: lazyRouteComponent(
    () => import('@/features/search/picture-page'),
    'PicturePage',
  ),
})

const similarImages = createRoute({
  getParentRoute: () => root,
  path: '/images/$imageId/similar',
  component: lazyRouteComponent(
    () => import('@/features/search/similar-pages'),
    'SimilarImages',
  ),
})

const similarDetections = createRoute({
  getParentRoute: () => root,
  path: '/detections/$detectionId/similar',
  component: lazyRouteComponent(
    () => import('@/features/search/similar-pages'),
    'SimilarDetections',
  ),
})

const shown = {
  search: createRoute({ getParentRoute: () => search, path: '$shownId' }),
  picture: createRoute({ getParentRoute: () => picture, path: '$shownId' }),
  image: createRoute({ getParentRoute: () => similarImages, path: '$shownId' }),
  detection: createRoute({ getParentRoute: () => similarDetections, path: '$shownId' }),
}

const problems = createRoute({
  getParentRoute: () => root,
  path: '/problems',
  component: lazyRouteComponent(
    () => import('@/features/problems/problems-page'),
    'ProblemsPage',
  ),
})

const libraries = createRoute({
  getParentRoute: () => root,
  path: '/libraries',
  component: lazyRouteComponent(
    () => import('@/features/libraries/libraries-page'),
    'LibrariesPage',
  ),
})

const routeTree = root.addChildren([
  gallery.addChildren([everything, image]),
  search.addChildren([shown.search]),
  picture.addChildren([shown.picture]),
  similarImages.addChildren([shown.image]),
  similarDetections.addChildren([shown.detection]),
  problems,
  libraries,
])

/** Filters are spelled plainly in the address (`?kind=video&rating=4`), never as JSON. */
export const makeRouter = (history?: RouterHistory) =>
  createRouter({
    routeTree,
    history,
    parseSearch: (search) => Object.fromEntries(new URLSearchParams(search)),
    stringifySearch: (search) => {
      const query = writeFilters(search)
      return query && `?${query}`
    },
    scrollRestoration: false,
  })

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof makeRouter>
  }
  interface HistoryState {
    /** Set when the viewer was opened from a grid, which Back then returns to. */
    fromGrid?: boolean
  }
}
