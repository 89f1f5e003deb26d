// The viewer, loaded when the first picture is opened.
import { type ComponentProps, lazy, Suspense } from 'react'

const Viewer = lazy(() =>
  import('./viewer').then(({ Viewer }) => ({ default: Viewer })),
)

export const LazyViewer = (props: ComponentProps<typeof Viewer>) => (
  <Suspense fallback={<div className="fixed inset-0 z-40 bg-[#0b0c0c]" />}>
    <Viewer {...props} />
  </Suspense>
)
