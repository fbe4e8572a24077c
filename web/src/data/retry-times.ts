import { type Answer, isServersFault, retryAfterSeconds } from './unanswered.ts'

/** When letters are sent again that the server has not answered. */
export type RetryTimes = {
  /** Returns how long to wait, in milliseconds, after an attempt without an answer; null stands for no response. */
  after(id: string, answer: Answer | null): number
  /** Returns how long to wait after trouble on this device. */
  afterTrouble(): number
  /** Whether it is too early to send anything. */
  mustRest(): boolean
  /** The device is connected again: nothing but the server's own wish is waited for. */
  connected(): void
  /** The ids in the order in which they are tried: those that the server fails at come last. */
  inOrder(ids: Iterable<string>): string[]
  forget(id: string): void
}

const FIRST_MS = 5_000
const LONGEST_MS = 300_000
/** One letter that the server fails at again and again must not keep the others back. */
const FAULTS_IN_FRONT = 3

export function createRetryTimes(now: () => number = () => performance.now()): RetryTimes {
  const faults = new Map<string, number>()
  let attempts = 0
  let restUntil = 0
  let isServersWish = false

  const rest = (ms: number, isWish: boolean) => {
    restUntil = now() + ms
    isServersWish = isWish
    return ms
  }
  return {
    after(id, answer) {
      // Without a response, the connection may be back at any time.
      const hasResponse = answer !== null && (!answer.error || answer.error.response !== undefined)
      if (hasResponse) attempts += 1
      if (answer && isServersFault(answer)) faults.set(id, (faults.get(id) ?? 0) + 1)
      const growing = Math.min(LONGEST_MS, FIRST_MS * 2 ** (attempts - 1))
      const asked = answer && retryAfterSeconds(answer)
      if (typeof asked === 'number') return rest(Math.max(1_000, asked * 1_000), true)
      return rest(hasResponse ? growing : FIRST_MS, false)
    },
    afterTrouble: () => rest(FIRST_MS, false),
    mustRest: () => now() < restUntil - 1,
    connected() {
      if (!isServersWish) restUntil = 0
    },
    inOrder(ids) {
      const isLate = (id: string) => (faults.get(id) ?? 0) >= FAULTS_IN_FRONT
      const all = [...ids]
      return [...all.filter((id) => !isLate(id)), ...all.filter(isLate)]
    },
    forget(id) {
      faults.delete(id)
      attempts = 0
    },
  }
}
