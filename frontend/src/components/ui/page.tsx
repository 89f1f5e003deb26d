// A page of text beside the timeline.
import type { ReactNode } from 'react'

type Props = { title: string; lead?: string; children: ReactNode }

export const Page = ({ title, lead, children }: Props) => (
  <div className="h-full overflow-y-auto">
    <div className="mx-auto flex min-h-full max-w-5xl flex-col px-4 pt-6 pb-16 sm:px-8 sm:pt-10">
      <h1 className="text-2xl font-semibold tracking-tight">{title}</h1>
      {lead && <p className="mt-1.5 text-[15px] text-soft">{lead}</p>}
      <div className="mt-6 flex-1">{children}</div>
    </div>
  </div>
)
