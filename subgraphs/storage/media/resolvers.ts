import type { Resolvers } from '../../../generated/graphql/storage.ts'
import { readPageRequest, toConnection } from '../../../platform/connections.ts'
import { isId } from '../../../platform/ids.ts'
import type { Context } from '../context.ts'
import { invalidInput, requestFailed, storedFailure } from '../failures.ts'
import { type Deleting, deleteMedia } from './delete-media.ts'
import type { Media } from './media.ts'
import { listMediaOf } from './media-store.ts'
import { type ShownFile, shownFile } from './shown-file.ts'
import { titleFor } from './title-for.ts'

/** The dependencies of these resolvers. */
export type MediaDeps = Deleting & {
  /** Tells `communication` immediately that a media file is deleted; never fails. */
  tellGone(mediaId: string): Promise<void>
}

const LIST = 'mediaLibrary'

/** Resolvers for media and their owners' actions. */
export function mediaResolvers(deps: MediaDeps) {
  return {
    Query: {
      media: (_root, { id }, { visibleMedia }) => visibleMedia.load(id),
    },
    Mutation: {
      async deleteMedia(_root, { input: { mediaId } }, { viewerId }) {
        if (!viewerId) return requestFailed('NOT_ALLOWED', 'Sign in first.')
        if (!isId(mediaId)) return invalidInput('input.mediaId', 'A media id is a UUID.')
        const isDeleted = await deleteMedia(deps, mediaId, viewerId)
        if (!isDeleted) return requestFailed('NOT_FOUND', 'You have no media with this id.')
        await deps.tellGone(mediaId)
        return { __typename: 'DeleteMediaPayload' as const, mediaId }
      },
    },
    User: {
      async mediaLibrary({ id }, args, { viewerId }) {
        const request = readPageRequest(args, LIST)
        if (id !== viewerId) return null
        const olderThan = request.after?.[0] ?? null
        if (olderThan !== null && !isId(olderThan)) return null
        const media = await listMediaOf(deps.db, id, { limit: request.first + 1, olderThan })
        return toConnection(
          media,
          request,
          LIST,
          (medium) => [medium.id],
          (medium) => medium,
        )
      },
    },
    Media: {
      __resolveReference: ({ id }, { visibleMedia }) => visibleMedia.load(id),
      title: (medium, _args, { viewerId }) => titleFor(medium, medium.shownTo ?? viewerId),
      // The digest of the private original, by which the file could be recognized elsewhere.
      sha256: (medium, _args, context) => (isOwned(medium, context) ? medium.sha256 : null),
      processingPercent: ({ ownerId, state, processingPercent }, _args, { viewerId }) =>
        state === 'PROCESSING' && ownerId === viewerId ? processingPercent : null,
      failure: (medium, _args, { viewerId }) => (medium.ownerId === viewerId ? storedFailure(medium) : null),
      mimeType: async (medium, _args, context) => (await fileFor(medium, context)).mimeType,
      byteSize: async (medium, _args, context) => (await fileFor(medium, context)).byteSize,
      async renditions({ id }, _args, { renditions }) {
        return (await renditions.load(id)).flatMap(({ role, ...rendition }) =>
          // A shared copy stands in for the original and is not listed as a separate rendition.
          role === 'SHARED' ? [] : [{ ...rendition, role }],
        )
      },
    },
  } satisfies Resolvers
}

function isOwned({ ownerId, shownTo }: Media, { viewerId }: Context): boolean {
  return ownerId === (shownTo ?? viewerId)
}

// Only others' media need the renditions: their addresses do not deliver the uploaded file.
async function fileFor(medium: Media, context: Context): Promise<ShownFile> {
  if (isOwned(medium, context)) return shownFile(medium, [], true)
  return shownFile(medium, await context.renditions.load(medium.id), false)
}
