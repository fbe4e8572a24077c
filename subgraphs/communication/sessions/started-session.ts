import type { Session } from '../../../generated/graphql/communication.ts'
import type { Pool } from '../database.ts'
import { findPeople } from '../people/people-store.ts'
import type { VisibleUser } from '../people/visible-user.ts'
import type { TokenPair } from './sessions.ts'

/** A session with its tokens and its user, as sent to its device. */
export type StartedSession = Omit<Session, 'user'> & { user: VisibleUser }

/** Adds the user to the tokens of a session. Returns null if the user was deleted meanwhile. */
export async function withUser(pool: Pool, { userId, ...tokens }: TokenPair): Promise<StartedSession | null> {
  // Loaded with the user as the viewer, because the request that signs in has no viewer yet.
  const [user] = await findPeople(pool, userId, [userId])
  return user ? { ...tokens, user } : null
}
