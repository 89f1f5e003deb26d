// A quiet stand-in for rows of pictures.

const WIDTHS = [31, 22, 44, 26, 38, 33, 40, 25, 32]

export const LoadingTimeline = ({ label }: { label: string }) => (
  <div role="status" aria-label={label} className="px-4 pt-16 sm:px-6">
    <div className="flex flex-wrap gap-1" aria-hidden="true">
      {WIDTHS.map((width) => (
        <div
          key={width}
          className="h-40 animate-pulse rounded-xs bg-sunken sm:h-52"
          style={{ width: `calc(${width}% - 4px)` }}
        />
      ))}
    </div>
  </div>
)
