import type { Resolvers } from '../../../generated/graphql/communication.ts'
import { isFailure, signInFirst } from '../failures.ts'
import { type DeletingAccount, deleteAccount } from './delete-account.ts'
import { findErasure } from './erasure-store.ts'

/** Resolvers that delete an account and report the progress: deleteAccount, accountErasure. */
export function erasureResolvers(deps: DeletingAccount) {
  return {
    Query: {
      accountErasure: (_root, { receipt }) => findErasure(deps.db, receipt),
    },
    Mutation: {
      deleteAccount: async (_root, { input: { password } }, { caller, viewerId }) => {
        if (viewerId === null) return signInFirst()
        const erasure = await deleteAccount(deps, viewerId, caller, password ?? null)
        return isFailure(erasure) ? erasure : { __typename: 'DeleteAccountPayload', erasure }
      },
    },
  } satisfies Resolvers
}
