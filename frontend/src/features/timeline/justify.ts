// Lays pictures out in justified rows under day headings; pure arithmetic on ratios.

/** What a layout is made for. All lengths are CSS pixels. */
export type Frame = {
  width: number
  /** The height rows aim at; a full row lands near it. */
  rowHeight: number
  gap: number
}

/** One picture's place, relative to its bucket. */
export type Box = {
  index: number
  left: number
  top: number
  width: number
  height: number
}

/** The pictures of one wall date, with the place of its heading. */
export type DayBlock = {
  day: string
  left: number
  top: number
  width: number
  rows: Box[][]
}

export type BucketLayout = { height: number; days: DayBlock[] }

export const DAY_HEADER = 44
export const MONTH_HEADER = 56
/** Room between two short days that share a line, and under every line. */
export const DAY_GAP = 20
const LAST_ROW_STRETCH = 1.15
const MIN_DAY_WIDTH = 132

/** Ratios outside this range are laid out as if cropped: nobody scrolls past a ribbon. */
const tame = (ratio: number) =>
  Number.isFinite(ratio) && ratio > 0 ? Math.min(Math.max(ratio, 0.4), 3.2) : 1

/** Rows of indexes, each with the height that makes it exactly `width` wide. */
export function justify(
  ratios: readonly number[],
  { width, rowHeight, gap }: Frame,
): { indexes: number[]; height: number; full: boolean }[] {
  const rows: { indexes: number[]; height: number; full: boolean }[] = []
  let indexes: number[] = []
  let sum = 0
  const heightOf = (total: number, count: number) =>
    (width - gap * (count - 1)) / Math.max(total, 0.01)

  ratios.forEach((raw, index) => {
    const ratio = tame(raw)
    const before = heightOf(sum, indexes.length)
    const after = heightOf(sum + ratio, indexes.length + 1)
    const closer = Math.abs(before - rowHeight) < Math.abs(after - rowHeight)
    if (indexes.length > 0 && after < rowHeight && closer) {
      rows.push({ indexes, height: before, full: true })
      indexes = []
      sum = 0
    }
    indexes.push(index)
    sum += ratio
  })
  if (indexes.length > 0) {
    const height = heightOf(sum, indexes.length)
    const full = height <= rowHeight * LAST_ROW_STRETCH
    rows.push({ indexes, height: full ? height : rowHeight, full })
  }
  return rows
}

/** Consecutive pictures of one wall date, in the order they came. */
function byDay(days: readonly string[]): { day: string; start: number; end: number }[] {
  const groups: { day: string; start: number; end: number }[] = []
  days.forEach((day, index) => {
    const last = groups.at(-1)
    if (last?.day === day) last.end = index + 1
    else groups.push({ day, start: index, end: index + 1 })
  })
  return groups
}

/** Rows one below another from a corner on; `start` is what index 0 of the rows stands for. */
function stack(
  rows: ReturnType<typeof justify>,
  ratios: readonly number[],
  start: number,
  { gap }: Frame,
  left: number,
  top: number,
): { boxes: Box[][]; bottom: number } {
  let y = top
  const boxes = rows.map(({ indexes, height }) => {
    let x = left
    const row = indexes.map((offset) => {
      const index = start + offset
      const width = tame(ratios[index] ?? 1) * height
      const box = { index, left: x, top: y, width, height }
      x += width + gap
      return box
    })
    y += height + gap
    return row
  })
  return { boxes, bottom: y - gap }
}

/** Pictures in plain rows, without days, below `top` pixels left free. */
export function layOutRows(ratios: readonly number[], frame: Frame, top: number) {
  const { boxes, bottom } = stack(justify(ratios, frame), ratios, 0, frame, 0, top)
  return { rows: boxes, bottom: Math.max(top, bottom) }
}

/** The place of every picture of a bucket. Short days share a line with their neighbours. */
export function layOutBucket(
  ratios: readonly number[],
  takenAt: readonly string[],
  frame: Frame,
  withMonth: boolean,
): BucketLayout {
  const blocks: DayBlock[] = []
  let top = withMonth ? MONTH_HEADER : 0
  let left = 0
  let lineHeight = 0

  const breakLine = () => {
    if (lineHeight > 0) top += lineHeight + DAY_GAP
    left = 0
    lineHeight = 0
  }

  for (const { day, start, end } of byDay(
    takenAt.map((moment) => moment.slice(0, 10)),
  )) {
    const rows = justify(ratios.slice(start, end), frame)
    const only = rows.length === 1 ? rows[0] : undefined
    const natural =
      only && !only.full
        ? ratios.slice(start, end).reduce((sum, ratio) => sum + tame(ratio), 0) *
            frame.rowHeight +
          frame.gap * (end - start - 1)
        : frame.width
    const width = Math.min(Math.max(natural, MIN_DAY_WIDTH), frame.width)
    if (left > 0 && left + width > frame.width) breakLine()

    const { boxes, bottom } = stack(rows, ratios, start, frame, left, top + DAY_HEADER)
    blocks.push({ day, left, top, width, rows: boxes })
    lineHeight = Math.max(lineHeight, bottom - top)
    left += width + DAY_GAP
    if (left >= frame.width) breakLine()
  }
  breakLine()
  return { height: Math.ceil(top), days: blocks }
}

/** How high a bucket will be, guessed before its pictures are known. */
export function estimateHeight(
  count: number,
  ratioSum: number,
  frame: Frame,
  withMonth: boolean,
): number {
  const area = Math.max(ratioSum, count * 0.4) * frame.rowHeight
  const rows = Math.max(1, Math.round(area / Math.max(frame.width, 240)))
  const lines = Math.min(rows, 31, Math.ceil(count / 6))
  return Math.ceil(
    (withMonth ? MONTH_HEADER : 0) +
      rows * (frame.rowHeight + frame.gap) +
      lines * (DAY_HEADER + DAY_GAP),
  )
}
