import type { Resolvers } from '../../../generated/graphql/storage.ts'
import { readPageRequest, toConnection } from '../../../platform/connections.ts'
import { isId } from '../../../platform/ids.ts'
import type { Context } from '../context.ts'
import { invalidInput, requestFailed, storedFailure } from '../failures.ts'
import { type Deleting, deleteMedia } from './delete-media.ts'
import type { Media } from './media.ts'
import { listMediaOf } from './media-store.ts'
import { listedRenditions, type ShownFile, shownFile } from './shown-file.ts'
import { titleFor } from './title-for.ts'

/** The dependencies of these resolvers. */
export type MediaDeps = Deleting & {
  /** Tells `communication` immediately that a media file is deleted; never fails. */
  publishDeletedNow(mediaId: string): Promise<void>
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
        await deps.publishDeletedNow(mediaId)
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
          (media) => [media.id],
          (media) => media,
        )
      },
    },
    Media: {
      __resolveReference: ({ id }, { visibleMedia }) => visibleMedia.load(id),
      title: (media, _args, { viewerId }) => titleFor(media, media.shownTo ?? viewerId),
      // The digest of the private original, by which the file could be recognized elsewhere.
      sha256: (media, _args, context) => (isOwned(media, context) ? media.sha256 : null),
      processingPercent: ({ ownerId, state, processingPercent }, _args, { viewerId }) =>
        state === 'PROCESSING' && ownerId === viewerId ? processingPercent : null,
      failure: (media, _args, { viewerId }) => (media.ownerId === viewerId ? storedFailure(media) : null),
      mimeType: async (media, _args, context) => (await fileFor(media, context)).mimeType,
      byteSize: async (media, _args, context) => (await fileFor(media, context)).byteSize,
      renditions: async ({ id }, _args, { renditions }) => listedRenditions(await renditions.load(id)),
    },
  } satisfies Resolvers
}

function isOwned({ ownerId, shownTo }: Media, { viewerId }: Context): boolean {
  return ownerId === (shownTo ?? viewerId)
}

// Only others' media need the renditions: their addresses do not deliver the uploaded file.
async function fileFor(media: Media, context: Context): Promise<ShownFile> {
  if (isOwned(media, context)) return shownFile(media, [], true)
  return shownFile(media, await context.renditions.load(media.id), false)
}
