import { badInput, forbidden } from '../../platform/errors.ts'
import type { Caller } from '../../platform/identity/caller.ts'
import { isId } from '../../platform/ids.ts'

/**
 * Requires that the caller is a given service. That the caller is a service at all is already checked for every
 * internal field.
 *
 * @throws VisibleError `FORBIDDEN`
 */
export function requireService(caller: Caller, service: string): void {
  if (caller.kind !== 'service' || caller.service !== service) {
    throw forbidden(`Only ${service} may use this field.`)
  }
}

/**
 * Requires that ids sent by another service are UUIDs.
 *
 * @throws VisibleError `BAD_USER_INPUT`
 */
export function requireIds(...ids: string[]): void {
  if (!ids.every(isId)) throw badInput('An id is not a UUID.')
}
