import type pg from 'pg'
import type { Resolvers } from '../../../generated/graphql/communication.ts'
import { badInput } from '../../../platform/errors.ts'
import { isId } from '../../../platform/ids.ts'
import { findPeople } from '../accounts/people.ts'
import { demandService } from '../service-demands.ts'
import type { Grants } from './grants.ts'
import { findPlayable } from './media.ts'
import { mayOpenPage } from './policy.ts'

/** What the resolvers of access work with. */
export type AccessDeps = { pool: pg.Pool; grants: Grants }

// More than any page of posts can show.
const MAX_ASKED = 10_000

/** Who may see and play what: `Media.access`, `Media.owner`, `Moblog.access`, and the same for other services. */
export function accessResolvers({ pool, grants }: AccessDeps) {
  return {
    Media: {
      __resolveReference: ({ id }) => ({ id }),
      access: async ({ id }, _args, { viewerId, media }) => {
        const playable = await media.load(id)
        return playable && grants.media(viewerId, playable)
      },
      owner: async ({ id }, _args, { people, media }) => {
        const playable = await media.load(id)
        return playable && people.load(playable.ownerId)
      },
    },
    Moblog: {
      __resolveReference: ({ id }) => ({ id }),
      access: async ({ id }, _args, { viewerId, people }) => {
        const owner = await people.load(id)
        return owner && mayOpenPage(owner.relationship) ? grants.page(viewerId, owner) : null
      },
    },
    Query: {
      relationshipsOf: async (_root, { viewerId, userIds }) => {
        checkAsked(viewerId, userIds)
        const people = await findPeople(pool, viewerId?.toLowerCase() ?? null, userIds.filter(isId))
        const byId = new Map(people.map((person) => [person.id, person]))
        return userIds.map((userId) => {
          const person = byId.get(userId.toLowerCase())
          return { userId, isVisible: person !== undefined, relationship: person?.relationship ?? 'NONE' }
        })
      },
      mediaAccessOf: async (_root, { viewerId, mediaIds }, { caller }) => {
        // A token in other hands than the viewer's would open the medium for whoever holds it.
        demandService(caller, 'blog')
        checkAsked(viewerId, mediaIds)
        const viewer = viewerId?.toLowerCase() ?? null
        const playable = await findPlayable(pool, viewer, mediaIds)
        const byId = new Map(playable.map((media) => [media.id, media]))
        return Promise.all(
          mediaIds.map((id) => {
            const media = byId.get(id.toLowerCase())
            return media ? grants.media(viewer, media) : null
          }),
        )
      },
      playableMedia: async (_root, { viewerId, mediaIds }) => {
        checkAsked(viewerId, mediaIds)
        const playable = await findPlayable(pool, viewerId?.toLowerCase() ?? null, mediaIds)
        return playable.map(({ id }) => id)
      },
    },
  } satisfies Resolvers
}

function checkAsked(viewerId: string | null | undefined, ids: readonly string[]): void {
  if (viewerId != null && !isId(viewerId)) throw badInput('The viewer id is not a UUID.')
  if (ids.length > MAX_ASKED) throw badInput(`At most ${MAX_ASKED} ids can be asked about at a time.`)
}
