// Whether boxes are drawn over pictures: a choice of this browser.
import { useCallback, useState } from 'react'

const KEY = 'boxes'

export function useBoxesShown(): [shown: boolean, toggle: () => void] {
  const [shown, setShown] = useState(remembered)
  const toggle = useCallback(
    () =>
      setShown((shown) => {
        try {
          localStorage.setItem(KEY, shown ? 'off' : 'on')
        } catch {
          // Storage is blocked: the choice lasts as long as the viewer.
        }
        return !shown
      }),
    [],
  )
  return [shown, toggle]
}

function remembered(): boolean {
  try {
    return localStorage.getItem(KEY) === 'on'
  } catch {
    return false
  }
}
