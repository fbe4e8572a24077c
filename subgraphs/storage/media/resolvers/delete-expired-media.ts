import type { Resolvers } from '../../../../generated/graphql/internal/storage.ts'
import { badInput } from '../../../../platform/errors.ts'
import { isId } from '../../../../platform/ids.ts'
import type { DeleteMedia } from '../delete-media.ts'

/** `Mutation.deleteExpiredMedia` of the internal API */
export function deleteExpiredMediaResolvers({ deleteMedia }: { deleteMedia: DeleteMedia }) {
  return {
    Mutation: {
      async deleteExpiredMedia(_root, { input: { mediaId, ownerId } }) {
        if (!isId(mediaId) || !isId(ownerId)) throw badInput('The media id and the owner id must be UUIDs.')
        await deleteMedia(mediaId, ownerId)
        return true
      },
    },
  } satisfies Resolvers
}
