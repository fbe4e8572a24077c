import type { Resolvers } from '../../../generated/graphql/communication.ts'
import { imageAddress } from './issued-access.ts'
import { mayOpenPage } from './policy.ts'
import type { TokenIssuer } from './token-issuer.ts'

/** Dependencies of the access resolvers. */
export type AccessDeps = { tokens: TokenIssuer }

/** Resolvers for access to media and moblogs: `Media.access` and its fields, `Media.owner`, `Moblog.access`. */
export function accessResolvers({ tokens }: AccessDeps) {
  return {
    Media: {
      __resolveReference: ({ id }) => ({ id }),
      access: async ({ id }, _args, { viewerId, caller, media }) => {
        const playable = await media.load(id)
        return playable && tokens.media({ viewerId, sessionId: caller.sessionId }, playable)
      },
      owner: async ({ id }, _args, { people, media }) => {
        const playable = await media.load(id)
        return playable && people.load(playable.ownerId)
      },
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
