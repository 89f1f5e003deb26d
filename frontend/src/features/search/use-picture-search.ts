// Starts a search by picture: chosen, dropped onto the page, or pasted.
import { useNavigate } from '@tanstack/react-router'
import { useCallback, useEffect, useState } from 'react'
import { pick } from './picked-pictures'

const holdsFiles = (event: DragEvent) =>
  event.dataTransfer?.types.includes('Files') ?? false

/** `search` takes a file; `dragging` while one is held over the page; `refused` says why not. */
export function usePictureSearch() {
  const navigate = useNavigate()
  const [dragging, setDragging] = useState(false)
  const [refused, setRefused] = useState<string>()

  const search = useCallback(
    (file: File | undefined) => {
      if (!file) return
      try {
        const name = pick(file)
        setRefused(undefined)
        navigate({ to: '/search/pictures/$name', params: { name }, search: {} })
      } catch (error) {
        setRefused(error instanceof Error ? error.message : String(error))
      }
    },
    [navigate],
  )

  useEffect(() => {
    let depth = 0
    const hold = (more: number) => {
      depth = Math.max(0, depth + more)
      setDragging(depth > 0)
    }
    const onEnter = (event: DragEvent) => holdsFiles(event) && hold(1)
    const onLeave = (event: DragEvent) => holdsFiles(event) && hold(-1)
    const onOver = (event: DragEvent) => holdsFiles(event) && event.preventDefault()
    const onDrop = (event: DragEvent) => {
      if (!holdsFiles(event)) return
      event.preventDefault()
      hold(-depth)
      search(event.dataTransfer?.files[0])
    }
    const onPaste = (event: ClipboardEvent) => {
      const file = event.clipboardData?.files[0]
      if (!file) return
      event.preventDefault()
      search(file)
    }
    window.addEventListener('dragenter', onEnter)
    window.addEventListener('dragleave', onLeave)
    window.addEventListener('dragover', onOver)
    window.addEventListener('drop', onDrop)
    window.addEventListener('paste', onPaste)
    return () => {
      window.removeEventListener('dragenter', onEnter)
      window.removeEventListener('dragleave', onLeave)
      window.removeEventListener('dragover', onOver)
      window.removeEventListener('drop', onDrop)
      window.removeEventListener('paste', onPaste)
    }
  }, [search])

  const dismiss = useCallback(() => setRefused(undefined), [])
  return { search, dragging, refused, dismiss }
}
