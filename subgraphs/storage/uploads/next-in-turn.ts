import type { Width } from './work-queue.ts'

/**
 * Chooses what runs next: of the owner with the fewest pieces of work running, then of the one who was served longest
 * ago or never, then what has waited longest.
 *
 * @param waiting in the order in which it came
 * @param running the owner of each piece of work that runs
 * @param served owners that have been served, the last one last
 * @returns undefined where nothing may run now
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
