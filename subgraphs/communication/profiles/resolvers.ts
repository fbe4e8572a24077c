import type pg from 'pg'
import type { Resolvers } from '../../../generated/graphql/communication.ts'
import type { PrismaClient } from '../../../generated/prisma/communication/client.ts'
import type { Clock } from '../../../platform/clock.ts'
import { readPageRequest } from '../../../platform/connections.ts'
import type { TokenRevocations } from '../access/token-revocations.ts'
import { invalidInput, isFailure, noSuchUser, signInFirst } from '../failures.ts'
import { findUsers, SEARCH_LIST } from '../search/find-users.ts'
import { readProfileChange } from './profile-input.ts'
import { changeProfile } from './profile-store.ts'

/** Dependencies of the profile resolvers. */
export type ProfileDeps = { db: PrismaClient; pool: pg.Pool; clock: Clock; revocations: TokenRevocations }

/** Resolvers of profiles and of the search for users: updateProfile, searchUsers, `User.avatar`. */
export function profileResolvers({ db, pool, clock, revocations }: ProfileDeps) {
  return {
    Query: {
      searchUsers: async (_root, { query, ...page }, { viewerId, people }) => {
        const found = await findUsers(pool, viewerId, query, readPageRequest(page, SEARCH_LIST))
        for (const { node } of found.edges) people.prime(node.id, node)
        return found
      },
    },
    User: {
      avatar: ({ avatarId }, _args, { media }) => (avatarId === null ? null : media.load(avatarId)),
    },
    Mutation: {
      updateProfile: async (_root, { input }, { viewerId, people }) => {
        if (viewerId === null) return signInFirst()
        const change = readProfileChange(input)
        if (isFailure(change)) return change
        const outcome = await changeProfile(db, viewerId, change, clock(), revocations.ofMedia)
        if (outcome === 'no such image') {
          return invalidInput(
            'input.avatarMediaId',
            'You have no finished image with this id. Wait until it is READY, or choose another one.',
          )
        }
        const user = outcome === 'changed' ? await people.clear(viewerId).load(viewerId) : null
        return user ? { __typename: 'UpdateProfilePayload', user } : noSuchUser()
      },
    },
  } satisfies Resolvers
}
