import type { Resolvers } from '../../../../generated/graphql/storage.ts'
import type { Context } from '../../context.ts'
import { storedFailure } from '../../failures.ts'
import type { Media } from '../media.ts'
import type { LoadersOf, VisibleMedia } from '../media-loaders.ts'
import { listedRenditions, type ShownFile, shownFile } from '../shown-file.ts'
import { titleFor } from '../title-for.ts'

/** `Query.media` and the fields of `Media`. */
export function mediaResolvers(loaders: LoadersOf, visibleMedia: VisibleMedia) {
  // Only others' media need the renditions: their addresses do not deliver the uploaded file.
  const fileFor = async (media: Media, context: Context): Promise<ShownFile> => {
    if (isOwned(media, context)) return shownFile(media, [], true)
    return shownFile(media, await loaders(context).renditions.load(media.id), false)
  }
  return {
    Query: {
      media: (_root, { id }, context) => visibleMedia(context).load(id),
    },
    Media: {
      __resolveReference: ({ id }, context) => visibleMedia(context).load(id),
      title: (media, _args, { viewerId }) => titleFor(media, media.shownTo ?? viewerId),
      waveform: ({ waveform }) => waveform && [...waveform],
      // The digest of the private original, by which the file could be recognized elsewhere.
      sha256: (media, _args, context) => (isOwned(media, context) ? media.sha256 : null),
      processingPercent: ({ ownerId, state, processingPercent }, _args, { viewerId }) =>
        state === 'PROCESSING' && ownerId === viewerId ? processingPercent : null,
      failure: (media, _args, { viewerId }) => (media.ownerId === viewerId ? storedFailure(media) : null),
      mimeType: async (media, _args, context) => (await fileFor(media, context)).mimeType,
      byteSize: async (media, _args, context) => (await fileFor(media, context)).byteSize,
      renditions: async ({ id }, _args, context) =>
        listedRenditions(await loaders(context).renditions.load(id)),
    },
  } satisfies Resolvers
}

function isOwned({ ownerId, shownTo }: Media, { viewerId }: Context): boolean {
  return ownerId === (shownTo ?? viewerId)
}
