import DataLoader from 'dataloader'
import type pg from 'pg'
import type { Resolvers } from '../../../generated/graphql/communication.ts'
import { findPresent } from './presence-store.ts'

/** Loads who is online, with one statement for all users of a request. */
export type PresenceLoader = DataLoader<string, boolean>

/** Creates the presence loader of one request. */
export function presenceLoader(pool: pg.Pool): PresenceLoader {
  return new DataLoader(async (ids) => {
    const present = await findPresent(pool, ids)
    return ids.map((id) => present.has(id))
  })
}

/** The resolver of presence: `User.isOnline`. */
export const presenceResolvers = {
  User: {
    isOnline: ({ id, relationship }, _args, { presence }) =>
      relationship === 'SELF' || relationship === 'FRIEND' ? presence.load(id) : false,
  },
} satisfies Resolvers
