// Where each timeline was left, so that coming back continues there.
import type { Anchor } from './anchor'

const places = new Map<string, Anchor>()

/** The place left under these filters (as a query string), in this page's life. */
export const rememberedAnchor = (query: string) => places.get(query)

export function rememberAnchor(query: string, anchor: Anchor | undefined): void {
  if (anchor) places.set(query, anchor)
  else places.delete(query)
}
