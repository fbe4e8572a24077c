import type { Resolvers } from '../../../../generated/graphql/storage.ts'
import { isId } from '../../../../platform/ids.ts'
import { invalidInput, requestFailed } from '../../failures.ts'
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
        if (!viewerId) return requestFailed('NOT_ALLOWED', 'Sign in first.')
        if (!isId(mediaId))
          return invalidInput(
            'input.mediaId',
            'The media id is not a UUID. Send the id of one of your media.',
          )
        const isDeleted = await deleteMedia(mediaId, viewerId)
        if (!isDeleted) return requestFailed('NOT_FOUND', 'You have no media with this id.')
        await reportDeletion(mediaId)
        return { __typename: 'DeleteMediaPayload' as const, mediaId }
      },
    },
  } satisfies Resolvers
}
