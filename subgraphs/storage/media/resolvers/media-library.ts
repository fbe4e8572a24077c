import type { Resolvers } from '../../../../generated/graphql/storage.ts'
import { badCursor, readPageRequest, toConnection } from '../../../../platform/connections.ts'
import { isId } from '../../../../platform/ids.ts'
import type { Db } from '../../database.ts'
import { listMediaOf } from '../media-store.ts'

const LIST = 'mediaLibrary'

/** `User.mediaLibrary` */
export function mediaLibraryResolvers({ db }: { db: Db }) {
  return {
    User: {
      async mediaLibrary({ id }, args, { viewerId }) {
        const request = readPageRequest(args, LIST)
        if (id !== viewerId) return null
        const olderThan = request.after?.[0] ?? null
        if (olderThan !== null && !isId(olderThan)) throw badCursor()
        const media = await listMediaOf(db, id, { limit: request.first + 1, olderThan })
        return toConnection(
          media,
          request,
          LIST,
          (media) => [media.id],
          (media) => media,
        )
      },
    },
  } satisfies Resolvers
}
