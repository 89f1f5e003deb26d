// The frame of every page: sidebar, search and filters, and what the address names.
import { useNavigate } from '@tanstack/react-router'
import { type ReactNode, useEffect, useState } from 'react'
import { IconButton } from '@/components/ui/button'
import {
  IconFilter,
  IconHelp,
  IconMenu,
  IconMoon,
  IconSun,
} from '@/components/ui/icons'
import { FilterChips } from '@/features/filters/filter-chips'
import { FilterPanel } from '@/features/filters/filter-panel'
import { type Filters, homeOf } from '@/features/filters/filters'
import { PictureDrop } from '@/features/search/picture-drop'
import { SearchBox } from '@/features/search/search-box'
import { usePictureSearch } from '@/features/search/use-picture-search'
import { Drawer } from './drawer'
import { KeyboardHelp } from './keyboard-help'
import { Sidebar } from './sidebar'
import { chooseTheme, showsDark } from './theme'

export function Shell({
  filters,
  children,
}: {
  filters: Filters
  children: ReactNode
}) {
  const navigate = useNavigate()
  const [filtering, setFiltering] = useState(false)
  const [menu, setMenu] = useState(false)
  const [help, setHelp] = useState(false)
  const [dark, setDark] = useState(showsDark)
  const picture = usePictureSearch()
  const narrow = (next: Filters, replace = false) =>
    navigate({ to: homeOf(next), search: next, replace })

  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const editing = (event.target as HTMLElement).closest('input, select, textarea')
      if (event.key === '?' && !editing) setHelp(true)
    }
    window.addEventListener('keydown', onKeyDown)
    return () => window.removeEventListener('keydown', onKeyDown)
  }, [])

  return (
    <div className="grid h-dvh lg:grid-cols-[17rem_1fr]">
      <a
        href="#content"
        className="sr-only focus:not-sr-only focus:absolute focus:z-50 focus:m-2 focus:rounded-lg focus:bg-raised focus:px-4 focus:py-2"
      >
        Skip to the pictures
      </a>
      <div className="min-h-0 border-r border-line max-lg:hidden">
        <Sidebar filters={filters} />
      </div>
      <div className="flex min-h-0 min-w-0 flex-col">
        <header className="shrink-0 border-b border-line">
          <div className="flex h-16 items-center gap-1 px-2 sm:px-4">
            <IconButton
              label="Menu"
              className="lg:hidden"
              onClick={() => setMenu(true)}
            >
              <IconMenu />
            </IconButton>
            <div className="flex min-w-0 flex-1 lg:max-w-xl">
              <SearchBox
                words={filters.q}
                onSearch={(q) => narrow({ ...filters, q }, filters.q !== undefined)}
                onPicture={picture.search}
              />
            </div>
            <IconButton
              label="Filters"
              aria-expanded={filtering}
              onClick={() => setFiltering(!filtering)}
              className={filtering ? 'bg-accent-wash text-accent' : ''}
            >
              <IconFilter />
            </IconButton>
            <span className="flex-1 max-lg:hidden" />
            <IconButton
              label={dark ? 'Light theme' : 'Dark theme'}
              onClick={() => {
                chooseTheme(dark ? 'light' : 'dark')
                setDark(!dark)
              }}
            >
              {dark ? <IconSun /> : <IconMoon />}
            </IconButton>
            <IconButton
              label="Keyboard help"
              className="max-sm:hidden"
              onClick={() => setHelp(true)}
            >
              <IconHelp />
            </IconButton>
          </div>
          {filtering && (
            <div className="px-4 pb-4 sm:px-6">
              <FilterPanel filters={filters} onChange={narrow} />
            </div>
          )}
          <FilterChips filters={filters} />
        </header>
        <main id="content" tabIndex={-1} className="min-h-0 flex-1 outline-none">
          {children}
        </main>
      </div>
      {menu && (
        <Drawer onClose={() => setMenu(false)}>
          <Sidebar filters={filters} onChoose={() => setMenu(false)} />
        </Drawer>
      )}
      <PictureDrop {...picture} />
      {help && <KeyboardHelp onClose={() => setHelp(false)} />}
    </div>
  )
}
