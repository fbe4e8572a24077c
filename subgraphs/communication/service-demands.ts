import { badInput, forbidden } from '../../platform/errors.ts'
import type { Caller } from '../../platform/identity/caller.ts'
import { isId } from '../../platform/ids.ts'

/**
 * Refuses all but one service. That it is a service at all which asks is checked for every internal field already.
 *
 * @throws VisibleError `FORBIDDEN`
 */
export function demandService(caller: Caller, service: string): void {
  if (caller.kind !== 'service' || caller.service !== service) {
    throw forbidden(`This field is for ${service} only.`)
  }
}

/**
 * Refuses what another service means as ids and is none.
 *
 * @throws VisibleError `BAD_USER_INPUT`
 */
export function demandIds(...ids: string[]): void {
  if (!ids.every(isId)) throw badInput('An id is not a UUID.')
}
