import type { Resolvers } from '../../../generated/graphql/communication.ts'
import { typedHandleKey } from './handle.ts'
import type { VisibleUser } from './visible-user.ts'

/** Dependencies of the user resolvers. */
export type PeopleResolversDeps = {
  /** Finds a user by the key of a handle; null if the user does not exist for the viewer. */
  findUserByHandleKey(viewerId: string | null, key: string): Promise<VisibleUser | null>
}

/** Resolvers that find users: viewer, user, userByHandle; the `User` entity. */
export function peopleResolvers({ findUserByHandleKey }: PeopleResolversDeps) {
  return {
    Query: {
      viewer: (_root, _args, { viewerId, people }) => (viewerId === null ? null : people.load(viewerId)),
      user: (_root, { id }, { people }) => people.load(id),
      userByHandle: async (_root, { handle }, { viewerId, people }) => {
        const key = typedHandleKey(handle)
        const user = key === null ? null : await findUserByHandleKey(viewerId, key)
        if (user) people.prime(user.id, user)
        return user
      },
    },
    User: {
      __resolveReference: ({ id }, { people }) => people.load(id),
    },
  } satisfies Resolvers
}
