import type pg from 'pg'
import type { Resolvers } from '../../../generated/graphql/communication.ts'
import { badInput, forbidden } from '../../../platform/errors.ts'
import { isId } from '../../../platform/ids.ts'
import { findPeople } from '../accounts/people.ts'
import { sessionOf } from '../accounts/session-resolvers.ts'
import { requireService } from '../require-service.ts'
import { findPlayable } from './media.ts'
import { mayOpenPage } from './policy.ts'
import type { TokenIssuer } from './token-issuer.ts'
import { resumeRevocations } from './token-revocations.ts'

/** Dependencies of the access resolvers. */
export type AccessDeps = {
  pool: pg.Pool
  tokens: TokenIssuer
  /** Retries the undelivered messages of a topic now; see `Outbox`. */
  resume(topic: string): Promise<unknown[]>
}

// More ids than any page of posts can contain.
const MAX_ASKED = 10_000

/**
 * Resolvers for access to media and moblogs: `Media.access`, `Media.owner`, `Moblog.access`, and the same decisions for
 * other services.
 */
export function accessResolvers({ pool, tokens, resume }: AccessDeps) {
  return {
    Media: {
      __resolveReference: ({ id }) => ({ id }),
      access: async ({ id }, _args, { viewerId, caller, media }) => {
        const playable = await media.load(id)
        return playable && tokens.media({ viewerId, sessionId: sessionOf(caller) }, playable)
      },
      owner: async ({ id }, _args, { people, media }) => {
        const playable = await media.load(id)
        return playable && people.load(playable.ownerId)
      },
    },
    Moblog: {
      __resolveReference: ({ id }) => ({ id }),
      access: async ({ id }, _args, { viewerId, caller, people }) => {
        const owner = await people.load(id)
        if (!owner || !mayOpenPage(owner.relationship)) return null
        return tokens.page({ viewerId, sessionId: sessionOf(caller) }, owner)
      },
    },
    Mutation: {
      resumeRevocations: (_root, _args, { caller }) => {
        const service = caller.kind === 'service' ? caller.service : null
        if (service !== 'storage' && service !== 'blog') {
          throw forbidden('Only storage and blog may use this field.')
        }
        return resumeRevocations(resume, service)
      },
    },
    Query: {
      relationshipsOf: async (_root, { viewerId, userIds }) => {
        checkAsked(viewerId, userIds)
        const people = await findPeople(pool, viewerId ?? null, userIds.filter(isId))
        const byId = new Map(people.map((person) => [person.id, person]))
        return userIds.map((userId) => {
          const person = byId.get(userId)
          return { userId, isVisible: person !== undefined, relationship: person?.relationship ?? 'NONE' }
        })
      },
      mediaAccessOf: async (_root, { viewerId, sessionId, mediaIds }, { caller }) => {
        // Only blog may ask: a media token plays the media for anyone who holds it.
        requireService(caller, 'blog')
        checkAsked(viewerId, mediaIds)
        const subject = { viewerId: viewerId ?? null, sessionId: sessionId ?? null }
        const playable = await findPlayable(pool, subject.viewerId, mediaIds)
        const byId = new Map(playable.map((media) => [media.id, media]))
        return Promise.all(
          mediaIds.map((id) => {
            const media = byId.get(id)
            return media ? tokens.media(subject, media) : null
          }),
        )
      },
      playableMedia: async (_root, { viewerId, mediaIds }) => {
        checkAsked(viewerId, mediaIds)
        const playable = await findPlayable(pool, viewerId ?? null, mediaIds)
        return playable.map(({ id }) => id)
      },
    },
  } satisfies Resolvers
}

function checkAsked(viewerId: string | null | undefined, ids: readonly string[]): void {
  if (viewerId != null && !isId(viewerId)) throw badInput('The viewer id is not a UUID.')
  if (ids.length > MAX_ASKED)
    throw badInput(`The request has ${ids.length} ids; the limit is ${MAX_ASKED}. Split it.`)
}
