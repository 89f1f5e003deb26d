// The icons, drawn on a grid of 24 with one stroke width.
import type { ReactNode } from 'react'

type Props = { className?: string }

const icon =
  (paths: ReactNode) =>
  ({ className = 'size-5' }: Props) => (
    <svg
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.75"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      className={`shrink-0 ${className}`}
    >
      {paths}
    </svg>
  )

export const IconPhotos = icon(
  <>
    <rect x="3" y="4" width="18" height="16" rx="3" />
    <circle cx="8.5" cy="9.5" r="1.5" />
    <path d="m4 18 5-5 3.5 3.5L16 12l5 5" />
  </>,
)
export const IconFolder = icon(
  <path d="M3 7a2 2 0 0 1 2-2h4l2 2.5h8a2 2 0 0 1 2 2V17a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2z" />,
)
export const IconLibrary = icon(
  <>
    <rect x="3" y="4" width="18" height="6" rx="2" />
    <rect x="3" y="14" width="18" height="6" rx="2" />
    <path d="M7 7h.01M7 17h.01" />
  </>,
)
export const IconProblem = icon(
  <>
    <path d="M12 4 2.8 19.5h18.4z" />
    <path d="M12 10v4M12 16.8v.01" />
  </>,
)
export const IconSearch = icon(
  <>
    <circle cx="11" cy="11" r="6.5" />
    <path d="m16 16 4.5 4.5" />
  </>,
)
export const IconFilter = icon(<path d="M4 6h16M7 12h10M10 18h4" />)
export const IconSun = icon(
  <>
    <circle cx="12" cy="12" r="4" />
    <path d="M12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M5.3 18.7l1.4-1.4M17.3 6.7l1.4-1.4" />
  </>,
)
export const IconMoon = icon(
  <path d="M20 14.5A8.5 8.5 0 0 1 9.5 4 8.5 8.5 0 1 0 20 14.5z" />,
)
export const IconHelp = icon(
  <>
    <circle cx="12" cy="12" r="9" />
    <path d="M9.5 9.5a2.5 2.5 0 1 1 3.6 2.2c-.8.4-1.1.9-1.1 1.8M12 16.5v.01" />
  </>,
)
export const IconMenu = icon(<path d="M4 7h16M4 12h16M4 17h16" />)
export const IconClose = icon(<path d="M6 6l12 12M18 6 6 18" />)
export const IconBack = icon(<path d="M19 12H5M11 6l-6 6 6 6" />)
export const IconLeft = icon(<path d="m15 5-7 7 7 7" />)
export const IconRight = icon(<path d="m9 5 7 7-7 7" />)
export const IconInfo = icon(
  <>
    <circle cx="12" cy="12" r="9" />
    <path d="M12 11v5.5M12 7.5v.01" />
  </>,
)
export const IconZoomIn = icon(
  <>
    <circle cx="11" cy="11" r="6.5" />
    <path d="m16 16 4.5 4.5M11 8.5v5M8.5 11h5" />
  </>,
)
export const IconZoomOut = icon(
  <>
    <circle cx="11" cy="11" r="6.5" />
    <path d="m16 16 4.5 4.5M8.5 11h5" />
  </>,
)
export const IconDownload = icon(<path d="M12 4v11M7 10.5l5 5 5-5M5 20h14" />)
export const IconStack = icon(
  <>
    <rect x="3.5" y="7.5" width="13" height="13" rx="2" />
    <path d="M8 4h10.5A1.5 1.5 0 0 1 20 5.5V16" />
  </>,
)
export const IconPlay = icon(<path d="M7 5v14l12-7z" fill="currentColor" />)
export const IconStar = icon(
  <path
    d="m12 4 2.4 5 5.6.7-4.1 3.8 1.1 5.5-5-2.8-5 2.8 1.1-5.5L4 9.7 9.6 9z"
    fill="currentColor"
  />,
)
export const IconCheck = icon(<path d="m5 12.5 4.5 4.5L19 7.5" />)
export const IconBoxes = icon(
  <>
    <path d="M4 8V5.5A1.5 1.5 0 0 1 5.5 4H8M16 4h2.5A1.5 1.5 0 0 1 20 5.5V8M20 16v2.5a1.5 1.5 0 0 1-1.5 1.5H16M8 20H5.5A1.5 1.5 0 0 1 4 18.5V16" />
    <rect x="8.5" y="8.5" width="7" height="7" rx="1" />
  </>,
)
export const IconSimilar = icon(
  <>
    <rect x="3.5" y="3.5" width="11" height="11" rx="2" />
    <path d="M18.5 9.5h.5a1.5 1.5 0 0 1 1.5 1.5v8a1.5 1.5 0 0 1-1.5 1.5h-8a1.5 1.5 0 0 1-1.5-1.5v-.5" />
  </>,
)
export const IconCrop = icon(
  <path d="M7 2.5V15a2 2 0 0 0 2 2h12.5M2.5 7H15a2 2 0 0 1 2 2v12.5" />,
)
export const IconPicture = icon(
  <>
    <path d="M20.5 12v5.5a3 3 0 0 1-3 3h-11a3 3 0 0 1-3-3v-11a3 3 0 0 1 3-3H12" />
    <path d="m4 17.5 4.5-4.5 3 3 2.5-2.5 5.5 5.5M18 3v6M15 6h6" />
  </>,
)
