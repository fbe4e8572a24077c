import type { Resolvers } from '../../../../generated/graphql/storage.ts'
import { isId } from '../../../../platform/ids.ts'
import { noSuchMedia, notAMediaId, signInFirst } from '../../failures.ts'
import type { DeleteMedia } from '../delete-media.ts'

/** The dependencies of `Mutation.deleteMedia`. */
export type DeleteMediaDeps = {
  deleteMedia: DeleteMedia
  /** Reports the deletion to `communication` immediately; never fails. */
  reportDeletion(mediaId: string): Promise<void>
}

/** `Mutation.deleteMedia` */
export function deleteMediaResolvers({ deleteMedia, reportDeletion }: DeleteMediaDeps) {
  return {
    Mutation: {
      async deleteMedia(_root, { input: { mediaId } }, { viewerId }) {
        if (!viewerId) return signInFirst()
        if (!isId(mediaId)) return notAMediaId()
        const isDeleted = await deleteMedia(mediaId, viewerId)
        if (!isDeleted) return noSuchMedia()
        await reportDeletion(mediaId)
        return { __typename: 'DeleteMediaPayload' as const, mediaId }
      },
    },
  } satisfies Resolvers
}
