// Where each timeline was left, so that coming back continues there.
import type { Anchor } from './anchor'

const anchors = new Map<string, Anchor>()

/** The place left under these filters (as a query string), in this page's life. */
export const rememberedAnchor = (query: string) => anchors.get(query)

export function rememberAnchor(query: string, anchor: Anchor | undefined): void {
  if (anchor) anchors.set(query, anchor)
  else anchors.delete(query)
}
