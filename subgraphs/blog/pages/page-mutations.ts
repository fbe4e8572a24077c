import type pg from 'pg'
import type { MutationResolvers } from '../../../generated/graphql/blog.ts'
import type { BlogContext } from '../context.ts'
import { revokePageTokens } from './page-revocations.ts'

/** Resolver of the mutation on pages, for `communication` only. */
export function pageMutations(pool: pg.Pool): Pick<MutationResolvers<BlogContext>, 'revokePageAccess'> {
  return {
    async revokePageAccess(_mutation, { input }) {
      await revokePageTokens(pool, input.revocations)
      return true
    },
  }
}
