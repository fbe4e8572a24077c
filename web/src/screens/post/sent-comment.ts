type Comment = { id: string; text: string; author: { relationship: string } | null }

/**
 * Finds the comment that the viewer has just written among those that are on the screen.
 *
 * @param known the comments that were there before
 * @param isComplete whether these are all comments; otherwise, an older one of the viewer may be the same
 */
export function findSent<Item extends Comment>(
  comments: readonly Item[],
  text: string,
  known: ReadonlySet<string>,
  isComplete: boolean,
): Item | null {
  const isSent = (each: Item) =>
    !known.has(each.id) && each.text === text && each.author?.relationship === 'SELF'
  return isComplete ? (comments.findLast(isSent) ?? null) : null
}
