import DataLoader from 'dataloader'
import type pg from 'pg'
import type { Resolvers } from '../../../generated/graphql/communication.ts'
import { demandIds, demandService } from '../service-demands.ts'
import { findPresent, holdPresence } from './presence-store.ts'

/** What the resolvers of presence work with. */
export type PresenceDeps = { pool: pg.Pool }

/** Reads who is there, in one statement for all that a request asks for. */
export type PresenceLoader = DataLoader<string, boolean>

/** Makes the loader of presence for one request. */
export function presenceLoader(pool: pg.Pool): PresenceLoader {
  return new DataLoader(async (ids) => {
    const present = await findPresent(pool, ids)
    return ids.map((id) => present.has(id))
  })
}

/** Who is there now: `User.isOnline`, and the gateway's word for it. */
export function presenceResolvers({ pool }: PresenceDeps) {
  return {
    User: {
      isOnline: ({ id, relationship }, _args, { presence }) =>
        relationship === 'SELF' || relationship === 'FRIEND' ? presence.load(id) : false,
    },
    Mutation: {
      holdPresence: async (_root, { input: { holderId, onlineIds, offlineIds } }, { caller }) => {
        demandService(caller, 'gateway')
        demandIds(holderId, ...onlineIds, ...offlineIds)
        await holdPresence(pool, holderId, { online: onlineIds, offline: offlineIds })
        return true
      },
    },
  } satisfies Resolvers
}
