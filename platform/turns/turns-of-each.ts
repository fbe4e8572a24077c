/**
 * Takes places for a piece of an owner's work, or waits until enough of the owner's earlier work has ended.
 *
 * @param places how many of the owner's places the work takes; at most as many as there are
 * @returns a function to call once when the work has ended, or null if too much work of the owner waits
 */
export type TurnsOfEach = (owner: string, places?: number) => Promise<(() => void) | null>

/** The free places of one owner, and what waits for places, in order of arrival. */
type Own = { free: number; waiting: { places: number; start: () => void }[] }

/**
 * Creates turns that limit what runs at the same time for each owner. Owners do not wait for each other.
 *
 * @param ofEach how many places each owner has
 * @param mostWaiting how many pieces of an owner's work may wait
 */
export function createTurnsOfEach(ofEach: number, mostWaiting: number): TurnsOfEach {
  const owners = new Map<string, Own>()

  // What arrived later waits even if there is room for it. Otherwise work that needs many places might wait forever.
  const startNext = (owner: string, own: Own) => {
    for (let next = own.waiting[0]; next && next.places <= own.free; next = own.waiting[0]) {
      own.waiting.shift()
      own.free -= next.places
      next.start()
    }
    if (own.free === ofEach) owners.delete(owner)
  }

  return async (owner, wanted = 1) => {
    const places = Math.min(wanted, ofEach)
    const own = owners.get(owner) ?? { free: ofEach, waiting: [] }
    const mustWait = own.waiting.length > 0 || own.free < places
    if (mustWait && own.waiting.length >= mostWaiting) return null
    owners.set(owner, own)
    await new Promise<void>((start) => {
      own.waiting.push({ places, start })
      startNext(owner, own)
    })
    return () => {
      own.free += places
      startNext(owner, own)
    }
  }
}
