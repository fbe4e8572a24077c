const READ_AT_ONCE = 500

/** Which items of a list to read: those after a position, at most `limit`. */
export type ListRange<Position> = { after: Position | null; limit: number }

/** How to read a list. */
export type ReadList<Item, Kept, Position> = {
  read(range: ListRange<Position>): Promise<Item[]>
  /** Leaves out items, for example those of posts that the viewer may no longer see. */
  filter(items: Item[]): Promise<Kept[]>
  positionOf(item: Item): Position
}

/**
 * Reads on in a list until `count` items remain after a filter, or until the list ends. Use it if the filter rarely removes
 * anything. The reads grow, so that a list in which nothing is visible takes a few of them.
 */
export async function readUntilFull<Item, Kept, Position>(
  { after, count }: { after: Position | null; count: number },
  { read, filter, positionOf }: ReadList<Item, Kept, Position>,
): Promise<Kept[]> {
  const kept: Kept[] = []
  let range: ListRange<Position> = { after, limit: count }
  while (true) {
    const items = await read(range)
    kept.push(...(await filter(items)))
    const last = items.at(-1)
    if (!last || items.length < range.limit || kept.length >= count) return kept.slice(0, count)
    range = { after: positionOf(last), limit: Math.min(4 * range.limit, READ_AT_ONCE) }
  }
}
