// A button on the viewer's dark ground.
import type { ComponentProps } from 'react'
import { IconButton } from '@/components/ui/button'

export const ViewerButton = ({
  className = '',
  ...rest
}: ComponentProps<typeof IconButton>) => (
  <IconButton
    className={`text-white hover:bg-white/15 focus-visible:outline-white ${className}`}
    {...rest}
  />
)
