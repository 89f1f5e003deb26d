// The light or dark choice of this browser; without one the page follows the system.

export type Theme = 'system' | 'light' | 'dark'

export function chosenTheme(): Theme {
  const { theme } = document.documentElement.dataset
  return theme === 'light' || theme === 'dark' ? theme : 'system'
}

export function chooseTheme(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = theme
  try {
    if (theme === 'system') localStorage.removeItem('theme')
    else localStorage.setItem('theme', theme)
  } catch {
    // Storage is blocked: the choice lasts as long as the page.
  }
}

export const showsDark = () => {
  const theme = chosenTheme()
  return theme === 'system'
    ? globalThis.matchMedia?.('(prefers-color-scheme: dark)').matches === true
    : theme === 'dark'
}
