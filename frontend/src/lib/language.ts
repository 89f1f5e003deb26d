// The language names are shown in: the reader's, where we have it.

export type Language = 'en' | 'de'

const OURS = /^(en|de)(-|$)/i

/** The first of the browser's languages that names are kept in; English without one. */
export const language = (
  languages: readonly string[] = globalThis.navigator?.languages ?? [],
): Language =>
  (languages.map((tag) => OURS.exec(tag)?.[1]?.toLowerCase()).find(Boolean) ??
    'en') as Language
