// Arrow keys in a tree: along what is shown, into a branch and out of it.
import type { KeyboardEvent } from 'react'

const toggleOf = (branch: Element) =>
  branch.querySelector<HTMLElement>(':scope > div > button[aria-expanded]')
const linkOf = (branch: Element | null | undefined) =>
  branch?.querySelector<HTMLElement>(':scope > div > a')
const isOpen = (toggle: HTMLElement) => toggle.getAttribute('aria-expanded') === 'true'

/** Moves the focus, or opens and closes the branch that has it, as trees do everywhere. */
export function moveInTree(event: KeyboardEvent<HTMLElement>): void {
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return
  const branch = (event.target as Element).closest('li')
  if (!branch) return
  const links = [...event.currentTarget.querySelectorAll<HTMLElement>('li > div > a')]
  const at = links.indexOf(linkOf(branch) as HTMLElement)
  const toggle = toggleOf(branch)
  let next: HTMLElement | null | undefined
  switch (event.key) {
    case 'ArrowDown':
      next = links[at + 1]
      break
    case 'ArrowUp':
      next = links[at - 1]
      break
    case 'Home':
      next = links[0]
      break
    case 'End':
      next = links.at(-1)
      break
    case 'ArrowRight':
      if (toggle && !isOpen(toggle)) toggle.click()
      else if (toggle) next = links[at + 1]
      break
    case 'ArrowLeft':
      if (toggle && isOpen(toggle)) toggle.click()
      else next = linkOf(branch.parentElement?.closest('li'))
      break
    default:
      return
  }
  event.preventDefault()
  event.stopPropagation()
  next?.focus()
}
