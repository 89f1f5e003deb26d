// What is said while a picture is held over the page, and when it cannot be searched by.
import { Button } from '@/components/ui/button'
import { IconPicture } from '@/components/ui/icons'

type Props = { dragging: boolean; refused: string | undefined; dismiss: () => void }

export const PictureDrop = ({ dragging, refused, dismiss }: Props) => (
  <>
    {dragging && (
      <div className="pointer-events-none fixed inset-0 z-50 grid place-items-center bg-page/85 p-6 backdrop-blur-sm">
        <div className="flex flex-col items-center gap-3 rounded-3xl border-2 border-dashed border-accent px-12 py-10 text-center">
          <IconPicture className="size-10 text-accent" />
          <p className="text-lg font-semibold">Find what looks like it</p>
          <p className="text-sm text-soft">The picture is compared and not kept.</p>
        </div>
      </div>
    )}
    <div role="alert" className="fixed inset-x-0 bottom-5 z-50 mx-auto w-fit">
      {refused && (
        <div className="mx-4 flex items-center gap-3 rounded-xl border border-line bg-raised px-4 py-2.5 text-sm shadow-lg">
          <p className="min-w-0 font-medium break-words">{refused}</p>
          <Button onClick={dismiss}>Close</Button>
        </div>
      )}
    </div>
  </>
)
