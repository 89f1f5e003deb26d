// The search box: words a moment after typing stops, or a picture.
import { useEffect, useRef, useState } from 'react'
import { IconClose, IconPicture, IconSearch } from '@/components/ui/icons'

const PAUSE_MS = 250

type Props = {
  words: string | undefined
  onSearch: (words: string | undefined) => void
  onPicture: (file: File | undefined) => void
}

export function SearchBox({ words = '', onSearch, onPicture }: Props) {
  const [typed, setTyped] = useState(words)
  const sent = useRef(words)
  const box = useRef<HTMLInputElement>(null)
  const chooser = useRef<HTMLInputElement>(null)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)

  // The address changed by other means: a chip was dropped, or Back was pressed.
  useEffect(() => {
    if (words === sent.current) return
    sent.current = words
    setTyped(words)
  }, [words])

  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const editing = (event.target as HTMLElement).closest(
        'input, select, textarea, dialog',
      )
      if (event.key !== '/' || editing) return
      event.preventDefault()
      box.current?.focus()
    }
    window.addEventListener('keydown', onKeyDown)
    return () => window.removeEventListener('keydown', onKeyDown)
  }, [])

  useEffect(() => () => clearTimeout(timer.current), [])

  const type = (next: string, pause = PAUSE_MS) => {
    setTyped(next)
    clearTimeout(timer.current)
    timer.current = setTimeout(() => {
      if (next.trim() === sent.current) return
      sent.current = next.trim()
      onSearch(next.trim() || undefined)
    }, pause)
  }

  return (
    <search className="relative min-w-0 flex-1">
      <IconSearch className="pointer-events-none absolute top-1/2 left-3 size-4.5 -translate-y-1/2 text-soft" />
      <input
        ref={box}
        type="text"
        inputMode="search"
        maxLength={200}
        aria-label="Search what pictures show, their names and keywords"
        placeholder="Search your pictures"
        value={typed}
        onChange={({ target }) => type(target.value)}
        onKeyDown={({ key, currentTarget }) => {
          if (key === 'Enter') type(currentTarget.value, 0)
          if (key === 'Escape') currentTarget.blur()
        }}
        className={`h-10 w-full rounded-full bg-sunken pl-10 text-[15px] placeholder:text-soft ${typed ? 'pr-20' : 'pr-11'}`}
      />
      {typed && (
        <button
          type="button"
          aria-label="Clear the search"
          onClick={() => type('', 0)}
          className="absolute top-1 right-10 grid size-8 place-items-center rounded-full text-soft hover:text-ink"
        >
          <IconClose className="size-4" />
        </button>
      )}
      <button
        type="button"
        aria-label="Search by a picture"
        title="Search by a picture; or drop one onto the page"
        onClick={() => chooser.current?.click()}
        className="absolute top-1 right-1 grid size-8 place-items-center rounded-full text-soft hover:text-ink"
      >
        <IconPicture className="size-4.5" />
      </button>
      <input
        ref={chooser}
        type="file"
        accept="image/*"
        hidden
        data-testid="picture"
        onChange={({ target }) => {
          onPicture(target.files?.[0])
          target.value = '' // so that the same file can be chosen again
        }}
      />
    </search>
  )
}
