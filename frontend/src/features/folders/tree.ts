// Folders as a tree: libraries, their directories, and how many images each holds below.
import type { FolderNode } from '@/api/types'
import type { Filters } from '@/features/filters/filters'
import { readable } from '@/lib/quoted-path'

/** A directory as people read it; `depth` 0 is a library. */
export type TreeNode = FolderNode & { depth: number }

const byName = new Intl.Collator('en', { numeric: true })

/** Directories of one level by name, as people sort names. */
export const nodesAt = (depth: number, found: readonly FolderNode[]): TreeNode[] =>
  found
    .map((node) => ({ ...node, name: readable(node.name), depth }))
    .sort((a, b) => byName.compare(a.name, b.name))

/** The filters that show a node: a folder and what is below it, or a whole library. */
export const narrowedTo = (filters: Filters, node: TreeNode): Filters => ({
  ...filters,
  folder: node.depth > 0 ? node.folder : undefined,
  library: node.depth > 0 ? undefined : node.library,
})

export const isChosen = ({ folder, library }: Filters, node: TreeNode) =>
  node.depth > 0 ? folder === node.folder : library === node.library && !folder

/** Whether the chosen folder lies below a node, so that the node should be open. */
export const leadsTo = ({ folder }: Filters, node: TreeNode) =>
  folder?.startsWith(`${node.folder}/`) ?? false

/** How many nodes to show at least, so that the chosen one is among them. */
export const upToChosen = (filters: Filters, nodes: readonly TreeNode[]) =>
  1 + nodes.findIndex((node) => isChosen(filters, node) || leadsTo(filters, node))
