import type { Resolvers } from '../../../generated/graphql/internal/storage.ts'
import { badInput } from '../../../platform/errors.ts'
import { requireService } from '../../../platform/subgraph/internal-api.ts'
import type { InternalContext } from '../context.ts'
import type { Media } from './media.ts'
import { listedRenditions, shownFile } from './shown-file.ts'
import { titleFor } from './title-for.ts'

const MAX_ASKED = 10_000

/** Internal resolvers that describe media as everyone but their owner gets them. The caller decides who may see them. */
export const internalMediaResolvers = {
  Query: {
    mediaByIds: (_root, { ids }, { caller, media }) => {
      requireService(caller, 'blog')
      if (ids.length > MAX_ASKED)
        throw badInput(`The request has ${ids.length} ids; the limit is ${MAX_ASKED}. Split it.`)
      return Promise.all(ids.map((id) => media.load(id)))
    },
  },
  MediaRecord: {
    title: (media) => titleFor(media, null),
    mimeType: async (media, _args, context) => (await fileFor(media, context)).mimeType,
    byteSize: async (media, _args, context) => (await fileFor(media, context)).byteSize,
    renditions: async ({ id }, _args, { renditions }) => listedRenditions(await renditions.load(id)),
  },
} satisfies Resolvers

async function fileFor(media: Media, { renditions }: InternalContext) {
  return shownFile(media, await renditions.load(media.id), false)
}
