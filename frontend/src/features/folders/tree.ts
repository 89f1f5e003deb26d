// Folders as a tree: libraries, their directories, and how many images each holds below.
import type { Folder } from '@/api/types'
import type { Filters } from '@/features/filters/filters'
import { readable } from '@/lib/quoted-path'

/** A directory; one that holds no media itself exists only to lead to those that do. */
export type TreeNode = {
  /** The folder key, or the library's name for its root. */
  key: string
  library: string
  name: string
  depth: number
  /** Images in it and below. */
  images: number
  unreachable: boolean
  children: TreeNode[]
}

/** The tree of folders, libraries first, each level by name. */
export function treeOf(folders: readonly Folder[]): TreeNode[] {
  const nodes = new Map<string, TreeNode>()
  const roots: TreeNode[] = []

  const nodeAt = (library: string, parts: readonly string[]): TreeNode => {
    const key = [library, ...parts].join('/')
    const known = nodes.get(key)
    if (known) return known
    const node: TreeNode = {
      key,
      library,
      name: readable(parts.at(-1) ?? library),
      depth: parts.length,
      images: 0,
      unreachable: false,
      children: [],
    }
    nodes.set(key, node)
    if (parts.length === 0) roots.push(node)
    else nodeAt(library, parts.slice(0, -1)).children.push(node)
    return node
  }

  for (const { library, path, images, state } of folders) {
    const parts = path === '.' || path === '' ? [] : path.split('/')
    nodeAt(library, parts).unreachable ||= state === 'unreachable'
    for (let depth = 0; depth <= parts.length; depth++) {
      nodeAt(library, parts.slice(0, depth)).images += images
    }
  }
  return sorted(roots)
}

const byName = new Intl.Collator('en', { numeric: true })

function sorted(nodes: TreeNode[]): TreeNode[] {
  for (const node of nodes) node.children = sorted(node.children)
  return nodes.sort((a, b) => byName.compare(a.name, b.name))
}

/** The filters that show a node: a folder and what is below it, or a whole library. */
export const narrowedTo = (filters: Filters, node: TreeNode): Filters => ({
  ...filters,
  folder: node.depth > 0 ? node.key : undefined,
  library: node.depth > 0 ? undefined : node.library,
})

export const isChosen = ({ folder, library }: Filters, node: TreeNode) =>
  node.depth > 0 ? folder === node.key : library === node.library && !folder

/** Whether the chosen folder lies below a node, so that the node should be open. */
export const leadsTo = ({ folder }: Filters, node: TreeNode) =>
  folder?.startsWith(`${node.key}/`) ?? false
