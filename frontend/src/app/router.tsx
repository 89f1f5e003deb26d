// Addresses: the timeline with its filters, an image above it, and the pages.
import {
  createRootRoute,
  createRoute,
  createRouter,
  Link,
  lazyRouteComponent,
  Outlet,
  type RouterHistory,
  useParams,
} from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { EmptyState } from '@/components/ui/states'
import { readFilters, writeFilters } from '@/features/filters/filters'
import { Timeline } from '@/features/timeline/timeline'
import { Shell } from './shell'

const Viewer = lazy(() =>
  import('@/features/viewer/viewer').then(({ Viewer }) => ({ default: Viewer })),
)

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

/** The filters of the address; whatever else somebody wrote there is ignored. */
function useFilters() {
  return root.useSearch({ select: readFilters, structuralSharing: true })
}

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

const everything = createRoute({ getParentRoute: () => gallery, path: '/' })

const image = createRoute({
  getParentRoute: () => gallery,
  path: '/images/$imageId',
  component: function OneImage() {
    const { imageId } = image.useParams()
    return (
      <Suspense fallback={<div className="fixed inset-0 z-40 bg-[#0b0c0c]" />}>
        <Viewer imageId={imageId} filters={useFilters()} />
      </Suspense>
    )
  },
})

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
    /** Set when the viewer was opened from the timeline, which Back then returns to. */
    fromTimeline?: boolean
  }
}
