/** One request body that is being received. */
export type HeldBody = {
  /** Counts bytes that have arrived. */
  add(bytes: number): void
  /** Stops counting this body: it is complete or was given up. */
  release(): void
}

/** Limits how many bytes of incomplete bodies are in memory; see `createBodyBudget`. */
export type BodyBudget = {
  /**
   * @param address the client that sends the body
   * @param giveUp is called if the body must make room for others
   */
  open(address: string, giveUp: () => void): HeldBody
  /** How many bytes are in memory now. */
  held(): number
}

type Entry = { address: string; bytes: number; giveUp: () => void }

/**
 * Creates a budget for request bodies. If the bodies exceed it, the address that holds most bytes loses its oldest
 * body. Stalled clients thus make room for clients that are not stalled.
 */
export function createBodyBudget(maxBytes: number): BodyBudget {
  const open = new Set<Entry>()
  let held = 0

  const release = (entry: Entry) => {
    if (open.delete(entry)) held -= entry.bytes
  }
  const makeRoom = () => {
    while (held > maxBytes) {
      const oldest = oldestOfLargestHolder(open)
      if (!oldest) return
      release(oldest)
      oldest.giveUp()
    }
  }

  return {
    held: () => held,
    open(address, giveUp) {
      const entry = { address, bytes: 0, giveUp }
      open.add(entry)
      return {
        add(bytes) {
          if (!open.has(entry)) return
          entry.bytes += bytes
          held += bytes
          makeRoom()
        },
        release: () => release(entry),
      }
    },
  }
}

function oldestOfLargestHolder(open: ReadonlySet<Entry>): Entry | undefined {
  const totals = new Map<string, number>()
  for (const { address, bytes } of open) totals.set(address, (totals.get(address) ?? 0) + bytes)
  const [largest] = [...totals].sort(([, a], [, b]) => b - a)
  return largest && [...open].find(({ address, bytes }) => address === largest[0] && bytes > 0)
}
