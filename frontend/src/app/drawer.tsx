// The sidebar on phones: a drawer over the page.
import { type ReactNode, useEffect, useRef } from 'react'

export function Drawer({
  children,
  onClose,
}: {
  children: ReactNode
  onClose: () => void
}) {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    dialog.current?.showModal()
  }, [])
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Esc closes a dialog by itself
    <dialog
      ref={dialog}
      aria-label="Navigation"
      onClose={onClose}
      onClick={(event) => event.target === dialog.current && dialog.current.close()}
      className="m-0 h-dvh max-h-none w-72 max-w-[85vw] bg-page text-ink shadow-xl backdrop:bg-black/40"
    >
      {children}
    </dialog>
  )
}
