// Buttons: one with words, one with an icon.
import type { ButtonHTMLAttributes, ReactNode } from 'react'

type Props = ButtonHTMLAttributes<HTMLButtonElement>

const COLOURS = {
  plain: 'border-line bg-raised hover:bg-sunken',
  main: 'border-transparent bg-accent text-accent-ink hover:opacity-90',
}

/** One with words; of several, the one that goes on is the `main` one. */
export const Button = ({
  main = false,
  className = '',
  ...rest
}: Props & { main?: boolean }) => (
  <button
    type="button"
    className={`inline-flex h-9 items-center justify-center gap-2 rounded-lg border px-3.5 text-sm font-medium disabled:opacity-50 ${COLOURS[main ? 'main' : 'plain']} ${className}`}
    {...rest}
  />
)

/** A square button; its label is read aloud and shown as a tooltip. */
export const IconButton = ({
  label,
  children,
  className = '',
  ...rest
}: Props & { label: string; children: ReactNode }) => (
  <button
    type="button"
    aria-label={label}
    title={label}
    className={`grid size-10 shrink-0 place-items-center rounded-full hover:bg-sunken disabled:opacity-40 ${className}`}
    {...rest}
  >
    {children}
  </button>
)
