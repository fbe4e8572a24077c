import type { Resolvers } from '../../../generated/graphql/communication.ts'
import type { Pool } from '../database.ts'
import { typedHandleKey } from './handle.ts'
import { findUsersByHandleKeys } from './people-store.ts'

/** Dependencies of the user resolvers. */
export type PeopleResolversDeps = { pool: Pool }

/** Resolvers that find users: viewer, user, userByHandle; the `User` entity. */
export function peopleResolvers({ pool }: PeopleResolversDeps) {
  return {
    Query: {
      viewer: (_root, _args, { viewerId, people }) => (viewerId === null ? null : people.load(viewerId)),
      user: (_root, { id }, { people }) => people.load(id),
      userByHandle: async (_root, { handle }, { viewerId, people }) => {
        const key = typedHandleKey(handle)
        const [user] = key === null ? [] : await findUsersByHandleKeys(pool, viewerId, [key])
        if (user) people.prime(user.id, user)
        return user ?? null
      },
    },
    User: {
      __resolveReference: ({ id }, { people }) => people.load(id),
    },
  } satisfies Resolvers
}
