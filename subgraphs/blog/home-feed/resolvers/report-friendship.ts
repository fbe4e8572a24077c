import type { Resolvers } from '../../../../generated/graphql/internal/blog.ts'
import { badInput } from '../../../../platform/errors.ts'
import { isId } from '../../../../platform/ids.ts'
import { inTransaction, type RootDb } from '../../database.ts'
import type { FeedChanges } from '../feed-changes.ts'

/** The dependencies of `Mutation.reportFriendship` of the internal API. */
export type ReportFriendshipDeps = { db: RootDb; changes: Pick<FeedChanges, 'onFriendship'> }

/** `Mutation.reportFriendship` of the internal API */
export function reportFriendshipResolvers({ db, changes }: ReportFriendshipDeps) {
  return {
    Mutation: {
      async reportFriendship(_root, { input: { userId, otherId } }) {
        if (!isId(userId) || !isId(otherId))
          throw badInput('"userId" or "otherId" is not a UUID. Pass the ids of two users.')
        await inTransaction(db, (tx) => changes.onFriendship(tx, userId, otherId))
        return true
      },
    },
  } satisfies Resolvers
}
