import type { Resolvers } from '../../../../generated/graphql/blog.ts'
import type { Pool } from '../../database.ts'
import { signInFirst } from '../../failures.ts'
import { hasReadReceipts, saveReadReceipts } from '../read-receipt-store.ts'

/** `Query.readReceipts` and `Mutation.updateReadReceipts` */
export function readReceiptsResolvers({ pool }: { pool: Pool }) {
  return {
    Query: {
      readReceipts: (_root, _args, { viewerId }) =>
        viewerId === null ? null : hasReadReceipts(pool, viewerId),
    },
    Mutation: {
      async updateReadReceipts(_root, { input: { enabled } }, { viewerId }) {
        if (!viewerId) return signInFirst()
        await saveReadReceipts(pool, viewerId, enabled)
        return { __typename: 'UpdateReadReceiptsPayload' as const, readReceipts: enabled }
      },
    },
  } satisfies Resolvers
}
