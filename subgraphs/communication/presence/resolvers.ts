import DataLoader from 'dataloader'
import type pg from 'pg'
import type { Resolvers } from '../../../generated/graphql/communication.ts'
import { requireIds, requireService } from '../require-service.ts'
import { findPresent, holdPresence } from './presence-store.ts'

/** Dependencies of the presence resolvers. */
export type PresenceDeps = { pool: pg.Pool }

/** Loads who is online, with one statement for all users of a request. */
export type PresenceLoader = DataLoader<string, boolean>

/** Creates the presence loader of one request. */
export function presenceLoader(pool: pg.Pool): PresenceLoader {
  return new DataLoader(async (ids) => {
    const present = await findPresent(pool, ids)
    return ids.map((id) => present.has(id))
  })
}

/** Resolvers of presence: `User.isOnline`, and the gateway's reports of who is online. */
export function presenceResolvers({ pool }: PresenceDeps) {
  return {
    User: {
      isOnline: ({ id, relationship }, _args, { presence }) =>
        relationship === 'SELF' || relationship === 'FRIEND' ? presence.load(id) : false,
    },
    Mutation: {
      holdPresence: async (_root, { input: { holderId, onlineIds, offlineIds } }, { caller }) => {
        requireService(caller, 'gateway')
        requireIds(holderId, ...onlineIds, ...offlineIds)
        await holdPresence(pool, holderId, { online: onlineIds, offline: offlineIds })
        return true
      },
    },
  } satisfies Resolvers
}
