import type { Resolvers } from '../../../../generated/graphql/storage.ts'
import { isId } from '../../../../platform/ids.ts'
import { noSuchMedia, notAMediaId, signInFirst } from '../../failures.ts'
import type { LoadersOf } from '../../media/media-loaders.ts'
import { type ChangingCaptions, removeCaptions } from '../change-captions.ts'
import { readLanguage } from '../read-captions.ts'

/** The dependencies of `Mutation.removeCaptions`. */
export type RemoveCaptionsDeps = ChangingCaptions & { loaders: LoadersOf }

/** `Mutation.removeCaptions` */
export function removeCaptionsResolvers({ loaders, ...deps }: RemoveCaptionsDeps) {
  return {
    Mutation: {
      async removeCaptions(_root, { input }, context) {
        const { viewerId } = context
        const { mediaId } = input
        if (!viewerId) return signInFirst()
        if (!isId(mediaId)) return notAMediaId()
        const language = readLanguage(input.language)
        if (typeof language === 'object') return language
        const failure = await removeCaptions(deps, viewerId, mediaId, language)
        if (failure) return failure
        const media = await loaders(context).media.load(mediaId)
        return media ? { __typename: 'RemoveCaptionsPayload' as const, media } : noSuchMedia()
      },
    },
  } satisfies Resolvers
}
