import type { Resolvers } from '../../../generated/graphql/internal/communication.ts'
import type { Clock } from '../../../platform/clock.ts'
import { isId } from '../../../platform/ids.ts'
import type { RootDb } from '../database.ts'
import { requireIds } from '../require-ids.ts'
import { type PostEffects, recordPost } from './post-audience.ts'
import { markGone, recordCaptions, upsertMedia } from './register-store.ts'

/** Dependencies of the media register resolvers. */
export type RegisterDeps = { db: RootDb; clock: Clock; effects: PostEffects }

/**
 * Internal resolvers for reports of storage and blog: registerMedia, setMediaCaptions, unregisterMedia (docs/method.md,
 * A3), setPostAudience.
 */
export function internalRegisterResolvers({ db, clock, effects }: RegisterDeps) {
  return {
    Mutation: {
      registerMedia: async (_root, { input }) => {
        requireIds(input.mediaId, input.ownerId, input.uploadId)
        await upsertMedia(db, input, clock())
        return true
      },
      setMediaCaptions: async (_root, { input }) => {
        requireIds(input.mediaId)
        await recordCaptions(db, input)
        return true
      },
      unregisterMedia: async (_root, { input }) => {
        requireIds(input.mediaId)
        await markGone(db, input.mediaId, clock(), effects.onRevoked)
        return true
      },
      setPostAudience: async (_root, { input }) => {
        requireIds(
          input.postId,
          input.ownerId,
          ...(input.audienceListId == null ? [] : [input.audienceListId]),
        )
        const malformed = input.mediaIds.filter((id) => !isId(id))
        if (malformed.length > 0) return { unknownMediaIds: malformed }
        return { unknownMediaIds: await recordPost(db, input, clock(), effects) }
      },
    },
  } satisfies Resolvers
}
