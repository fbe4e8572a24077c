import { badCursor, readInstant } from '../../../platform/connections.ts'
import { isId } from '../../../platform/ids.ts'

/** The position of a user in a list of users: newest first, and the lower id first at the same instant. */
export type UserPosition = { at: string; userId: string }

/** A position before all users. The first page then needs no separate condition. */
const BEFORE_ALL_USERS: UserPosition = {
  at: 'infinity',
  userId: '00000000-0000-0000-0000-000000000000',
}

/** The cursor parts of a user's position. */
export function toUserCursor({ at, userId }: { at: Date; userId: string }): string[] {
  return [at.toISOString(), userId]
}

/**
 * Reads a position from cursor parts; null starts at the beginning.
 *
 * @throws VisibleError `BAD_USER_INPUT` if the parts are not a position
 */
export function fromUserCursor(parts: readonly string[] | null): UserPosition {
  if (!parts) return BEFORE_ALL_USERS
  const [at = '', userId = ''] = parts
  if (!isId(userId)) throw badCursor()
  return { at: readInstant(at), userId }
}
