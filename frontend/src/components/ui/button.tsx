// Buttons: one with words, one with an icon.
import type { ButtonHTMLAttributes, ReactNode } from 'react'

type Props = ButtonHTMLAttributes<HTMLButtonElement>

export const Button = ({ className = '', ...rest }: Props) => (
  <button
    type="button"
    className={`inline-flex h-9 items-center justify-center gap-2 rounded-lg border border-line bg-raised px-3.5 text-sm font-medium hover:bg-sunken disabled:opacity-50 ${className}`}
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
