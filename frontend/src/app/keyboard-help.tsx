// What the keys do.
import { useEffect, useRef } from 'react'
import { IconButton } from '@/components/ui/button'
import { IconClose } from '@/components/ui/icons'

const KEYS: [where: string, keys: [keys: string[], does: string][]][] = [
  [
    'Timeline and results',
    [
      [['←', '→', '↑', '↓'], 'Move between pictures'],
      [['Enter'], 'Open the picture'],
      [['Home', 'End'], 'Newest, oldest'],
      [['/'], 'Search'],
    ],
  ],
  [
    'Viewer',
    [
      [['←', '→'], 'Newer, older'],
      [['+', '−', '0'], 'Zoom in, out, fit'],
      [['b'], 'Objects: boxes and outlines'],
      [['m'], 'Film of a picture'],
      [['s'], 'Similar pictures'],
      [['i'], 'Information'],
      [['Esc'], 'Back to where it was opened'],
    ],
  ],
  ['Everywhere', [[['?'], 'This help']]],
]

export function KeyboardHelp({ onClose }: { onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    dialog.current?.showModal()
  }, [])
  return (
    <dialog
      ref={dialog}
      aria-label="Keyboard"
      onClose={onClose}
      className="m-auto w-[min(26rem,92vw)] rounded-2xl border border-line bg-raised p-6 text-ink shadow-xl backdrop:bg-black/40"
    >
      <div className="-mt-1 -mr-2 mb-2 flex items-center justify-between">
        <h2 className="text-lg font-semibold">Keyboard</h2>
        <IconButton label="Close" onClick={() => dialog.current?.close()}>
          <IconClose />
        </IconButton>
      </div>
      {KEYS.map(([where, keys]) => (
        <section key={where} className="mb-4 last:mb-0">
          <h3 className="mb-1.5 text-[13px] font-semibold text-soft">{where}</h3>
          <dl className="flex flex-col gap-1.5 text-sm">
            {keys.map(([names, does]) => (
              <div key={does} className="flex items-center justify-between gap-4">
                <dt className="order-2 flex gap-1">
                  {names.map((name) => (
                    <kbd
                      key={name}
                      className="min-w-7 rounded-md border border-line bg-sunken px-1.5 py-0.5 text-center font-sans text-xs"
                    >
                      {name}
                    </kbd>
                  ))}
                </dt>
                <dd>{does}</dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </dialog>
  )
}
