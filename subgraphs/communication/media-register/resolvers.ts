import type { Resolvers } from '../../../generated/graphql/communication.ts'
import type { PrismaClient } from '../../../generated/prisma/communication/client.ts'
import type { Clock } from '../../../platform/clock.ts'
import { isId } from '../../../platform/ids.ts'
import type { Revocations } from '../access/revocations.ts'
import { demandIds, demandService } from '../service-demands.ts'
import { recordPost } from './post-audience.ts'
import { markGone, upsertMedia } from './register-store.ts'

/** Dependencies of the media register resolvers. */
export type RegisterDeps = { db: PrismaClient; clock: Clock; revocations: Revocations }

/** Resolvers for reports of storage and blog: registerMedia, unregisterMedia (docs/method.md, A3), setPostAudience. */
export function registerResolvers({ db, clock, revocations }: RegisterDeps) {
  return {
    Mutation: {
      registerMedia: async (_root, { input }, { caller }) => {
        demandService(caller, 'storage')
        demandIds(input.mediaId, input.ownerId, input.uploadId)
        await upsertMedia(db, input, clock())
        return true
      },
      unregisterMedia: async (_root, { input }, { caller }) => {
        demandService(caller, 'storage')
        demandIds(input.mediaId)
        await markGone(db, input.mediaId, clock(), revocations.ofMedia)
        return true
      },
      setPostAudience: async (_root, { input }, { caller }) => {
        demandService(caller, 'blog')
        demandIds(input.postId, input.ownerId)
        const malformed = input.mediaIds.filter((id) => !isId(id))
        if (malformed.length > 0) return { unknownMediaIds: malformed }
        return { unknownMediaIds: await recordPost(db, input, clock(), revocations.ofMedia) }
      },
    },
  } satisfies Resolvers
}
