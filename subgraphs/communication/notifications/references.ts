import type { Context } from '../context.ts'
import type { StoredNotification } from './notification.ts'

// Resolvers of what notifications show. Posts, comments and uploads are known here only by their `reference`. The
// gateway therefore has to ask the owning service even for the id, and gets null if the viewer may not see them.

/** The reference of an entity; null if there is none. */
export const reference = (id: string | null) => (id === null ? null : { id })

/** Resolves the user who acted. */
export const actorOf = ({ actorId }: StoredNotification, _args: unknown, { people }: Context) =>
  actorId === null ? null : people.load(actorId)
