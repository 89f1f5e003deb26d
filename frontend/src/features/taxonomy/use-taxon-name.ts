// What taxa are called, in the reader's language.
import { useQuery } from '@tanstack/react-query'
import { useCallback } from 'react'
import { taxaQuery } from './queries'
import { lastWord, nameIn } from './tree'

/** Names a taxon by its path; until the tree is known, as `fallback` or the path say. */
export function useTaxonName() {
  const { data: taxa } = useQuery({ ...taxaQuery, refetchInterval: false })
  return useCallback(
    (taxon: string, fallback = lastWord(taxon)) => {
      const known = taxa?.find((node) => node.taxon === taxon)
      return known ? nameIn(known.names, taxon) : fallback
    },
    [taxa],
  )
}
