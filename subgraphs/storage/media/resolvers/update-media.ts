import type { Resolvers } from '../../../../generated/graphql/storage.ts'
import { isId } from '../../../../platform/ids.ts'
import type { Db } from '../../database.ts'
import { noSuchMedia, notAMediaId, signInFirst } from '../../failures.ts'
import type { LoadersOf } from '../media-loaders.ts'
import { saveMediaTexts } from '../media-store.ts'
import { readMediaTexts } from '../read-media-texts.ts'

/** The dependencies of `Mutation.updateMedia`. */
export type UpdateMediaDeps = { db: Db; loaders: LoadersOf }

/** `Mutation.updateMedia` */
export function updateMediaResolvers({ db, loaders }: UpdateMediaDeps) {
  return {
    Mutation: {
      async updateMedia(_root, { input }, context) {
        const { viewerId } = context
        const { mediaId } = input
        if (!viewerId) return signInFirst()
        if (!isId(mediaId)) return notAMediaId()
        const texts = readMediaTexts(input)
        if ('__typename' in texts) return texts
        if (!(await saveMediaTexts(db, mediaId, viewerId, texts))) return noSuchMedia()
        const media = await loaders(context).media.clear(mediaId).load(mediaId)
        return media ? { __typename: 'UpdateMediaPayload' as const, media } : noSuchMedia()
      },
    },
  } satisfies Resolvers
}
