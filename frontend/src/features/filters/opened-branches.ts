// Which branches of the trees were opened or closed, so that coming back finds them so.

const toggled = new Map<string, boolean>()

/** Whether a branch was opened or closed by hand, in this page's life. */
export const rememberedBranch = (id: string) => toggled.get(id)

export function rememberBranch(id: string, open: boolean): void {
  toggled.set(id, open)
}
