import type { Resolvers } from '../../../../generated/graphql/internal/storage.ts'
import { badInput } from '../../../../platform/errors.ts'
import type { LoadersOf } from '../media-loaders.ts'
import { listedRenditions, shownFile } from '../shown-file.ts'
import { titleFor } from '../title-for.ts'

const MAX_ASKED = 10_000

/**
 * `Query.mediaByIds` and the fields of `MediaRecord` of the internal API. They describe media as everyone but their
 * owner gets them. The caller decides who may see them.
 */
export function mediaByIdsResolvers(loaders: LoadersOf) {
  return {
    Query: {
      mediaByIds: (_root, { ids }, context) => {
        if (ids.length > MAX_ASKED)
          throw badInput(`The request has ${ids.length} ids; the limit is ${MAX_ASKED}. Split it.`)
        return Promise.all(ids.map((id) => loaders(context).media.load(id)))
      },
    },
    MediaRecord: {
      title: (media) => titleFor(media, null),
      mimeType: async (media, _args, context) =>
        shownFile(media, await loaders(context).renditions.load(media.id), false).mimeType,
      byteSize: async (media, _args, context) =>
        shownFile(media, await loaders(context).renditions.load(media.id), false).byteSize,
      renditions: async ({ id }, _args, context) =>
        listedRenditions(await loaders(context).renditions.load(id)),
    },
  } satisfies Resolvers
}
