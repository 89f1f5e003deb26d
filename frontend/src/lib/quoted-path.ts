// Reads the quoted paths of the database for people.

/** Controls, format characters such as direction marks, and line separators. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu

/**
 * A quoted path as valid, visible text: percent-quotes decoded as UTF-8, bytes that are
 * none as U+FFFD, controls and direction marks as escapes. Only for display.
 */
export function readable(quoted: string): string {
  const bytes = new TextEncoder().encode(quoted)
  const decoded: number[] = []
  for (let at = 0; at < bytes.length; at++) {
    const pair = quotedByte(bytes, at)
    decoded.push(pair ?? (bytes[at] as number))
    if (pair !== undefined) at += 2
  }
  return visible(new TextDecoder().decode(Uint8Array.from(decoded)))
}

/** A text with its controls and direction marks as escapes, so that nothing hides in it. */
export const visible = (text: string) =>
  text.replace(
    INVISIBLE,
    (mark) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )

function quotedByte(bytes: Uint8Array, at: number): number | undefined {
  if (bytes[at] !== 0x25) return undefined
  const digits = String.fromCharCode(bytes[at + 1] ?? 0, bytes[at + 2] ?? 0)
  return /^[0-9a-f]{2}$/i.test(digits) ? Number.parseInt(digits, 16) : undefined
}
