import { nothing } from 'lit'
import { Directive, directive } from 'lit/directive.js'
import { isUsedUp } from '../player/renewal-time.ts'
import { serverTime } from '../player/server-clock.ts'

/** Addresses of a picture and when they expire: part of what `Media.access` returns. */
export type Expiring = { expiresAt?: string | null } | null | undefined

/**
 * Decides whether an address of a picture is shown. What was read some time ago is shown again first, and the server would
 * refuse its expired addresses; new ones are on their way with the list that is read again. A picture that is shown already
 * stays, and without a connection the service worker may have kept it.
 */
export class FreshAddress {
  #shown: string | null = null

  /** Returns the address, or null as long as it would be refused. */
  of(url: string | null, access: Expiring, now = serverTime()): string | null {
    if (url === null || url === this.#shown) return url
    if (navigator.onLine && isUsedUp(access?.expiresAt, now)) return null
    this.#shown = url
    return url
  }
}

class FreshAddressDirective extends Directive {
  readonly #fresh = new FreshAddress()

  override render(url: string | null | undefined, access: Expiring): unknown {
    return this.#fresh.of(url ?? null, access) ?? nothing
  }
}

/** The value of an attribute `src`: the address of a picture, unless it has expired. */
export const freshAddress = directive(FreshAddressDirective)
