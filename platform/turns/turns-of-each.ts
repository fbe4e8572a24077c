/**
 * Runs work for an owner, or lets it wait until enough of the owner's earlier work has ended.
 *
 * @returns null if too much work of the owner waits
 */
export type TurnsOfEach = <Result>(owner: string, work: () => Promise<Result>) => Promise<Result | null>

/** What one owner has running, and what waits, in order of arrival. */
type Own = { running: number; waiting: (() => void)[] }

/**
 * Creates turns that limit what runs at the same time for each owner. Owners do not wait for each other.
 *
 * @param atOnce how many pieces of work of an owner run at the same time
 * @param mostWaiting how many more of an owner may wait
 */
export function createTurnsOfEach(atOnce: number, mostWaiting: number): TurnsOfEach {
  const owners = new Map<string, Own>()

  const enter = async (owner: string, own: Own) => {
    owners.set(owner, own)
    if (own.running >= atOnce) return new Promise<void>((resolve) => own.waiting.push(resolve))
    own.running += 1
  }
  const leave = (owner: string, own: Own) => {
    const next = own.waiting.shift()
    // The next one takes this place.
    if (next) return next()
    own.running -= 1
    if (own.running === 0) owners.delete(owner)
  }

  return async (owner, work) => {
    const own = owners.get(owner) ?? { running: 0, waiting: [] }
    if (own.waiting.length >= mostWaiting) return null
    await enter(owner, own)
    try {
      return await work()
    } finally {
      leave(owner, own)
    }
  }
}
