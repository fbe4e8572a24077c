import type { Resolvers } from '../../../../generated/graphql/communication.ts'
import { badCursor, readInstant, readPageRequest, toConnection } from '../../../../platform/connections.ts'
import { isId } from '../../../../platform/ids.ts'
import type { Pool } from '../../database.ts'
import type { ListLoadersOf } from '../list-loaders.ts'
import { findLists } from '../list-store.ts'
import type { MemberPosition } from '../member-store.ts'

/** The dependencies of reading lists. */
export type AudienceListDeps = { pool: Pool; lists: ListLoadersOf }

/** `Query.audienceLists`, `Query.audienceList` and the fields of `AudienceList`. Lists exist only for their owner. */
export function audienceListResolvers({ pool, lists }: AudienceListDeps) {
  return {
    Query: {
      audienceLists: (_root, _args, { viewerId }) => (viewerId === null ? [] : findLists(pool, viewerId)),
      audienceList: (_root, { id }, context) => lists(context).list.load(id),
    },
    AudienceList: {
      __resolveReference: (key, context) => lists(context).list.load('id' in key ? key.id : key.reference),
      reference: ({ id }) => id,
      memberCount: ({ id }, _args, context) => lists(context).memberCount.load(id),
      members: async ({ id: listId }, args, context) => {
        const name = `audienceList ${listId}`
        const request = readPageRequest(args, name)
        const after = request.after && readPosition(request.after)
        const members = await lists(context).members.load({ listId, count: request.first + 1, after })
        for (const { user } of members) context.people.prime(user.id, user)
        return toConnection(
          members,
          request,
          name,
          ({ user, addedAt }) => [addedAt.toISOString(), user.id],
          ({ user }) => user,
        )
      },
    },
  } satisfies Resolvers
}

function readPosition([addedAt = '', userId = '']: readonly string[]): MemberPosition {
  if (!isId(userId)) throw badCursor()
  return { addedAt: readInstant(addedAt), userId }
}
