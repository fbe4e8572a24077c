import DataLoader from 'dataloader'
import type { Resolvers } from '../../../generated/graphql/communication.ts'
import type { Clock } from '../../../platform/clock.ts'
import { createIdLoader } from '../../../platform/subgraph/id-loader.ts'
import { perRequest } from '../../../platform/subgraph/per-request.ts'
import type { Context } from '../context.ts'
import type { Pool } from '../database.ts'
import { imageAddress } from './issued-access.ts'
import { mayOpenPage } from './policy.ts'
import { countPostsOfMedia } from './post-count-store.ts'
import type { TokenIssuer } from './token-issuer.ts'

/** Dependencies of the access resolvers. */
export type AccessDeps = { tokens: TokenIssuer; pool: Pool; clock: Clock }

/**
 * Resolvers for access to media and moblogs: `Media.access` and its fields, `Media.owner`, `Media.postCount`,
 * `Moblog.access`.
 */
export function accessResolvers({ tokens, pool, clock }: AccessDeps) {
  const postCounts = perRequest(({ viewerId }: Context) =>
    createIdLoader(async (ids) => (viewerId === null ? [] : countPostsOfMedia(pool, viewerId, ids, clock()))),
  )
  const mediaAccess = perRequest(
    ({ viewerId, caller, media }: Context) =>
      new DataLoader(async (ids: readonly string[]) => {
        const found = await media.loadMany(ids)
        const playable = found.flatMap((each) => {
          if (each instanceof Error) throw each
          return each ?? []
        })
        const access = await tokens.media({ viewerId, sessionId: caller.sessionId }, playable)
        const byId = new Map(playable.map(({ id }, index) => [id, access[index]]))
        return ids.map((id) => byId.get(id) ?? null)
      }),
  )
  return {
    Media: {
      __resolveReference: ({ id }) => ({ id }),
      access: ({ id }, _args, context) => mediaAccess(context).load(id),
      owner: async ({ id }, _args, { people, media }) => {
        const playable = await media.load(id)
        return playable && people.load(playable.ownerId)
      },
      postCount: async ({ id }, _args, context) => (await postCounts(context).load(id))?.postCount ?? null,
    },
    MediaAccess: {
      imageUrl: (access, { width }) => imageAddress(access, width),
    },
    Moblog: {
      __resolveReference: ({ id }) => ({ id }),
      access: async ({ id }, _args, { viewerId, caller, people }) => {
        const owner = await people.load(id)
        if (!owner || !mayOpenPage(owner.relationship)) return null
        return tokens.page({ viewerId, sessionId: caller.sessionId }, owner)
      },
    },
  } satisfies Resolvers
}
