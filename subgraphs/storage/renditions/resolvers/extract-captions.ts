import type { Resolvers } from '../../../../generated/graphql/storage.ts'
import { isId } from '../../../../platform/ids.ts'
import type { Enqueue } from '../../../../platform/outbox/enqueue.ts'
import { inTransaction, type RootDb } from '../../database.ts'
import { noSuchMedia, notAMediaId, requestFailed, signInFirst } from '../../failures.ts'
import type { LoadersOf } from '../../media/media-loaders.ts'
import { requestExtraction } from '../rendition-jobs.ts'

/** The dependencies of `Mutation.extractCaptions`. */
export type ExtractCaptionsDeps = { db: RootDb; enqueue: Enqueue; loaders: LoadersOf }

/** `Mutation.extractCaptions` */
export function extractCaptionsResolvers({ db, enqueue, loaders }: ExtractCaptionsDeps) {
  return {
    Mutation: {
      async extractCaptions(_root, { input: { mediaId } }, context) {
        const { viewerId } = context
        if (!viewerId) return signInFirst()
        if (!isId(mediaId)) return notAMediaId()
        const media = await loaders(context).media.load(mediaId)
        if (media?.ownerId !== viewerId) return noSuchMedia()
        if (media.kind === 'IMAGE')
          return requestFailed('UNSUPPORTED_MEDIA', 'An image contains no captions.')
        if (media.state === 'PROCESSING') {
          return requestFailed(
            'CONFLICT',
            'The media file is still being processed. Try again when it is READY.',
          )
        }
        await inTransaction(db, (tx) => requestExtraction(enqueue, tx, media))
        return { __typename: 'ExtractCaptionsPayload' as const, media }
      },
    },
  } satisfies Resolvers
}
