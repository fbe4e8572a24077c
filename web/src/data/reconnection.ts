const FIRST_WAIT_MS = 4_000
const LONGEST_WAIT_MS = 60_000

/**
 * Asks again after there was no connection: when the browser is connected again, and from time to time, because it does not
 * notice each lost connection.
 */
export class Reconnection {
  readonly #askAgain: () => void
  readonly #firstWaitMs: number
  #wait: number
  #timer: ReturnType<typeof setTimeout> | undefined
  readonly #retry = () => {
    clearTimeout(this.#timer)
    if (navigator.onLine) this.#askAgain()
  }

  constructor(askAgain: () => void, firstWaitMs = FIRST_WAIT_MS) {
    this.#askAgain = askAgain
    this.#firstWaitMs = firstWaitMs
    this.#wait = firstWaitMs
  }

  /** Takes note of whether the last question has found no connection. */
  note(isOffline: boolean): void {
    clearTimeout(this.#timer)
    if (!isOffline) {
      this.stop()
      return
    }
    addEventListener('online', this.#retry)
    this.#timer = setTimeout(this.#retry, this.#wait * (0.5 + Math.random() / 2))
    this.#wait = Math.min(this.#wait * 2, LONGEST_WAIT_MS)
  }

  stop(): void {
    clearTimeout(this.#timer)
    removeEventListener('online', this.#retry)
    this.#wait = this.#firstWaitMs
  }
}
