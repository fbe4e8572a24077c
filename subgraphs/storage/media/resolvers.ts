import type { Resolvers } from '../../../generated/graphql/storage.ts'
import { readPageRequest, toConnection } from '../../../platform/connections.ts'
import { isId } from '../../../platform/ids.ts'
import type { Context } from '../context.ts'
import { invalidInput, requestFailed, storedFailure } from '../failures.ts'
import { type Deleting, deleteMedium } from './delete-medium.ts'
import { listMediaOf } from './media-store.ts'
import type { Medium } from './medium.ts'
import { type ShownFile, shownFile } from './shown-file.ts'
import { titleFor } from './title-for.ts'

/** What these resolvers work with. */
export type MediaDeps = Deleting & {
  /** Tells `communication` at once that a medium is gone; never fails. */
  tellGone(mediaId: string): Promise<void>
}

const LIST = 'mediaLibrary'

/** Media and what their owners do with them. */
export function mediaResolvers(deps: MediaDeps) {
  return {
    Query: {
      media: (_root, { id }, { visibleMedia }) => visibleMedia.load(id),
    },
    Mutation: {
      async deleteMedia(_root, { input: { mediaId } }, { viewerId }) {
        if (!viewerId) return requestFailed('NOT_ALLOWED', 'Sign in first.')
        if (!isId(mediaId)) return invalidInput('input.mediaId', 'A media id is a UUID.')
        const isDeleted = await deleteMedium(deps, mediaId, viewerId)
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
      // Of the private original, by which it could be recognised elsewhere.
      sha256: (medium, _args, context) => (isOwned(medium, context) ? medium.sha256 : null),
      processingPercent: ({ ownerId, state, processingPercent }, _args, { viewerId }) =>
        state === 'PROCESSING' && ownerId === viewerId ? processingPercent : null,
      failure: (medium, _args, { viewerId }) => (medium.ownerId === viewerId ? storedFailure(medium) : null),
      mimeType: async (medium, _args, context) => (await fileFor(medium, context)).mimeType,
      byteSize: async (medium, _args, context) => (await fileFor(medium, context)).byteSize,
      async renditions({ id }, _args, { renditions }) {
        return (await renditions.load(id)).flatMap(({ role, ...rendition }) =>
          // What stands for the original is no form of its own.
          role === 'SHARED' ? [] : [{ ...rendition, role }],
        )
      },
    },
  } satisfies Resolvers
}

function isOwned({ ownerId, shownTo }: Medium, { viewerId }: Context): boolean {
  return ownerId === (shownTo ?? viewerId)
}

// Only others' media are looked up twice: what their addresses deliver is not what was uploaded.
async function fileFor(medium: Medium, context: Context): Promise<ShownFile> {
  if (isOwned(medium, context)) return shownFile(medium, [], true)
  return shownFile(medium, await context.renditions.load(medium.id), false)
}
