import type { ReactiveController, ReactiveControllerHost } from 'lit'

const AFTER_MS = 1_000
const ENOUGH = 0.5
const STEPS = Array.from({ length: 21 }, (_, index) => index / 20)

/** Calls back once when an element has been seen: when half of it, or half of the screen, has shown it for a second. */
export class OnScreen implements ReactiveController {
  readonly #host: ReactiveControllerHost & Element
  readonly #seen: () => void
  #observer: IntersectionObserver | null = null
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(host: ReactiveControllerHost & Element, seen: () => void) {
    this.#host = host
    this.#seen = seen
    host.addController(this)
  }

  hostConnected(): void {
    this.#observer = new IntersectionObserver((entries) => this.#look(entries.at(-1)), { threshold: STEPS })
    this.#observer.observe(this.#host)
  }

  hostDisconnected(): void {
    this.#observer?.disconnect()
    this.#observer = null
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  #look(entry: IntersectionObserverEntry | undefined): void {
    if (!entry) return
    const { intersectionRatio, intersectionRect, rootBounds } = entry
    const fills = rootBounds !== null && intersectionRect.height >= rootBounds.height * ENOUGH
    if (!entry.isIntersecting || (intersectionRatio < ENOUGH && !fills)) {
      clearTimeout(this.#timer)
      this.#timer = undefined
      return
    }
    this.#timer ??= setTimeout(() => this.#finish(), AFTER_MS)
  }

  #finish(): void {
    this.#timer = undefined
    if (document.visibilityState === 'hidden') {
      // A tab in the background shows nothing: looks again when it comes to the front.
      document.addEventListener('visibilitychange', () => this.#lookAgain(), { once: true })
      return
    }
    this.#observer?.disconnect()
    this.#seen()
  }

  #lookAgain(): void {
    this.#observer?.unobserve(this.#host)
    this.#observer?.observe(this.#host)
  }
}
