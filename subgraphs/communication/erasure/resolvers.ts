import type { Resolvers } from '../../../generated/graphql/communication.ts'
import type { PrismaClient } from '../../../generated/prisma/communication/client.ts'
import type { Enqueue } from '../../../platform/outbox/enqueue.ts'
import { findPasswordHash } from '../accounts/account-store.ts'
import type { Attempts } from '../accounts/attempts.ts'
import { isPassword } from '../accounts/password.ts'
import { originOf } from '../accounts/session-resolvers.ts'
import type { SessionMaker } from '../accounts/sessions.ts'
import { tooManyAttempts } from '../accounts/too-many-attempts.ts'
import { invalidInput, requestFailed, signInFirst } from '../failures.ts'
import { enqueueErasure } from './erasure-delivery.ts'
import { deleteUser, findErasure } from './erasure-store.ts'

/** Dependencies of the erasure resolvers. */
export type ErasureDeps = { db: PrismaClient; enqueue: Enqueue; sessions: SessionMaker; attempts: Attempts }

/** Resolvers that delete an account and report the progress: deleteAccount, accountErasure. */
export function erasureResolvers({ db, enqueue, sessions, attempts }: ErasureDeps) {
  const { clock, accessSeconds, revocations } = sessions
  return {
    Query: {
      accountErasure: (_root, { receipt }) => findErasure(db, receipt),
    },
    Mutation: {
      deleteAccount: async (_root, { input: { password } }, { caller, viewerId }) => {
        if (viewerId === null) return signInFirst()
        const known = await findPasswordHash(db, viewerId)
        if (known !== null) {
          if (password == null)
            return invalidInput(
              'input.password',
              'The password is missing. Confirm the deletion with your password.',
            )
          const wait = await attempts.begin(viewerId, originOf(caller), clock())
          if (wait > 0) return tooManyAttempts(wait)
          if (!(await isPassword(password, known)))
            return requestFailed('NOT_ALLOWED', 'The password is wrong. Check it and try again.')
          await attempts.succeed(viewerId, originOf(caller))
        }
        const time = { now: clock(), accessSeconds, revocations }
        const erasure = await deleteUser(db, viewerId, time, (tx) => enqueueErasure(enqueue, tx, viewerId))
        // Null means that the account is already deleted, so the viewer counts as signed out.
        return erasure ? { __typename: 'DeleteAccountPayload', erasure } : signInFirst()
      },
    },
  } satisfies Resolvers
}
