import type { Problem } from './problem.ts'

const FIRST_WAIT_MS = 4_000
const LONGEST_WAIT_MS = 60_000

/**
 * Asks again after there was no answer: when the browser is connected again, and from time to time, because it does not notice
 * each lost connection, nor that the server works again.
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

  /** Takes note of why the last question had no answer; null if it had one. */
  note(problem: Problem | null): void {
    clearTimeout(this.#timer)
    if (problem === null || problem === 'outdated') {
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
