// The inner size of an element, followed.
import { type RefObject, useLayoutEffect, useState } from 'react'

/** Width and height in CSS pixels; zero before the first layout. */
export function useSize(element: RefObject<HTMLElement | null>) {
  const [size, setSize] = useState({ width: 0, height: 0 })
  useLayoutEffect(() => {
    const target = element.current
    if (!target) return
    const measure = () =>
      setSize((size) =>
        size.width === target.clientWidth && size.height === target.clientHeight
          ? size
          : { width: target.clientWidth, height: target.clientHeight },
      )
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(target)
    return () => observer.disconnect()
  }, [element])
  return size
}
