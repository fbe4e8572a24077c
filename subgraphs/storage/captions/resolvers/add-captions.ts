import type { Resolvers } from '../../../../generated/graphql/storage.ts'
import { isId } from '../../../../platform/ids.ts'
import { noSuchMedia, notAMediaId, signInFirst } from '../../failures.ts'
import type { LoadersOf } from '../../media/media-loaders.ts'
import { addCaptions, type ChangingCaptions } from '../change-captions.ts'
import { readCaptions } from '../read-captions.ts'

/** The dependencies of `Mutation.addCaptions`. */
export type AddCaptionsDeps = ChangingCaptions & { loaders: LoadersOf }

/** `Mutation.addCaptions` */
export function addCaptionsResolvers({ loaders, ...deps }: AddCaptionsDeps) {
  return {
    Mutation: {
      async addCaptions(_root, { input }, context) {
        const { viewerId } = context
        const { mediaId } = input
        if (!viewerId) return signInFirst()
        if (!isId(mediaId)) return notAMediaId()
        const captions = await readCaptions(input)
        if ('__typename' in captions) return captions
        const failure = await addCaptions(deps, viewerId, mediaId, captions)
        if (failure) return failure
        const media = await loaders(context).media.load(mediaId)
        return media ? { __typename: 'AddCaptionsPayload' as const, media } : noSuchMedia()
      },
    },
  } satisfies Resolvers
}
