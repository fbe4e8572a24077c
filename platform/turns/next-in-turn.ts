/** How many pieces of work run at the same time, in total and per owner. */
export type Width = { atOnce: number; ofEachOwner: number }

/**
 * Chooses the piece of work that runs next. It prefers the owner with the fewest running pieces, then the owner who was
 * never served or was served longest ago, then the piece that has waited longest.
 *
 * @param waiting in order of arrival
 * @param running the owner of each running piece of work
 * @param served the owners that have been served, the most recent one last
 * @returns undefined if nothing may run now
 */
export function nextInTurn<Piece extends { owner: string }>(
  waiting: readonly Piece[],
  running: readonly string[],
  served: ReadonlySet<string>,
  { atOnce, ofEachOwner }: Width,
): Piece | undefined {
  if (running.length >= atOnce) return undefined
  const places = new Map([...served].map((owner, place) => [owner, place]))
  const rank = ({ owner }: Piece) => ({
    count: running.filter((other) => other === owner).length,
    place: places.get(owner) ?? -1,
  })
  let next: (ReturnType<typeof rank> & { piece: Piece }) | undefined
  for (const piece of waiting) {
    const ranked = { ...rank(piece), piece }
    if (ranked.count >= ofEachOwner) continue
    const isBefore =
      !next || ranked.count < next.count || (ranked.count === next.count && ranked.place < next.place)
    if (isBefore) next = ranked
  }
  return next?.piece
}
