// Taxa as a tree: what is shown of it, by name in one language.
import type { Taxon } from '@/api/types'
import { type Language, language } from '@/lib/language'

export type TaxonNode = {
  taxon: string
  name: string
  depth: number
  /** Images of exactly this, and with everything below. */
  own: number
  total: number
  children: TaxonNode[]
}

/** A name in the reader's language, else in English, else the end of the path. */
export const nameIn = (
  names: Readonly<Record<string, string>>,
  taxon: string,
  tongue: Language = language(),
) => names[tongue] ?? names.en ?? lastWord(taxon)

/** What a path ends with, readable: `vehicle.fire_truck` is a fire truck. */
export const lastWord = (taxon: string) =>
  (taxon.split('.').at(-1) ?? taxon).replaceAll('_', ' ')

/** The tree of what pictures show; nodes without a picture, own or below, are left out. */
export function treeOf(taxa: readonly Taxon[], tongue?: Language): TaxonNode[] {
  const shown = taxa.filter(({ total }) => total > 0)
  const nodes = new Map(
    shown.map(({ taxon, names, own, total }) => [
      taxon,
      { taxon, name: nameIn(names, taxon, tongue), depth: 0, own, total, children: [] },
    ]) as [string, TaxonNode][],
  )
  const roots: TaxonNode[] = []
  for (const { taxon, parent } of shown) {
    const node = nodes.get(taxon)
    if (node) (nodes.get(parent ?? '')?.children ?? roots).push(node)
  }
  return arranged(roots, 0)
}

function arranged(nodes: TaxonNode[], depth: number): TaxonNode[] {
  for (const node of nodes) {
    node.depth = depth
    node.children = arranged(node.children, depth + 1)
  }
  return nodes.sort((a, b) => a.name.localeCompare(b.name))
}

/** The nodes that a word finds in any language, with all that leads to them. */
export function searched(taxa: readonly Taxon[], word: string): Taxon[] {
  const wanted = plain(word)
  if (wanted === '') return [...taxa]
  const found = taxa.filter(({ taxon, names }) =>
    [lastWord(taxon), ...Object.values(names)].some((name) =>
      plain(name).includes(wanted),
    ),
  )
  const kept = new Set(
    found.flatMap(({ taxon }) => {
      const parts = taxon.split('.')
      return parts.map((_, at) => parts.slice(0, at + 1).join('.'))
    }),
  )
  return taxa.filter(({ taxon }) => kept.has(taxon))
}

/** Small letters without accents, as people type them. */
const plain = (text: string) =>
  text.trim().toLowerCase().normalize('NFD').replace(/\p{M}/gu, '')

/** Whether a taxon lies below another. */
export const isBelow = (taxon: string | undefined, above: string) =>
  taxon?.startsWith(`${above}.`) ?? false
