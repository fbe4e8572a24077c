import { badInput } from '../../platform/errors.ts'
import { isId } from '../../platform/ids.ts'

/**
 * Requires that ids sent by another service are UUIDs.
 *
 * @throws VisibleError `BAD_USER_INPUT`
 */
export function requireIds(...ids: string[]): void {
  if (!ids.every(isId)) throw badInput('An id is not a UUID.')
}
