import type { Resolvers } from '../../../generated/graphql/storage.ts'
import type { Clock } from '../../../platform/clock.ts'
import type { Db } from '../database.ts'
import { saveRevocations } from './revocation-store.ts'
import type { Revocations } from './revocations.ts'

/** What these resolvers work with. */
export type DeliveryDeps = { db: Db; revocations: Revocations; clock: Clock }

/** Ending media tokens early. */
export function deliveryResolvers({ db, revocations, clock }: DeliveryDeps) {
  return {
    Mutation: {
      async revokeMediaAccess(_root, { input }) {
        const ended = input.revocations.map(({ ownerId, viewerId, mediaId, issuedUntil }) => ({
          ownerId: ownerId ?? null,
          viewerId: viewerId ?? null,
          mediaId: mediaId ?? null,
          issuedUntil,
        }))
        // Here first: this replica need not wait for the database to refuse.
        for (const revocation of ended) revocations.add(revocation)
        await saveRevocations(db, ended, clock())
        return true
      },
    },
  } satisfies Resolvers
}
