import type { Resolvers } from '../../../generated/graphql/internal/communication.ts'
import { badInput } from '../../../platform/errors.ts'
import { isId } from '../../../platform/ids.ts'
import type { Resume } from '../../../platform/outbox/resume.ts'
import type { Pool } from '../database.ts'
import { handleKey } from '../people/handle.ts'
import { findPeople, findUsersByHandleKeys } from '../people/people-store.ts'
import { requireIds } from '../require-ids.ts'
import type { FindPlayable } from './media.ts'
import { hasAudienceList } from './relationship-record-store.ts'
import type { Relationships } from './relationships.ts'
import type { TokenIssuer } from './token-issuer.ts'
import { resumeRevocations } from './token-revocations.ts'

/** Dependencies of the internal access resolvers. */
export type InternalAccessDeps = {
  pool: Pool
  relationships: Relationships
  findPlayable: FindPlayable
  tokens: TokenIssuer
  resume: Resume
}

// More ids than any page of posts can contain.
const MAX_ASKED = 10_000
const MAX_HANDLES = 100

/** Internal resolvers for the access decisions that other services ask for. */
export function internalAccessResolvers(deps: InternalAccessDeps) {
  const { pool, relationships, findPlayable, tokens, resume } = deps
  return {
    Query: {
      relationshipsOf: async (_root, { viewerId, userIds }) => {
        checkAsked(viewerId, userIds)
        const records = await relationships.recordsOf(viewerId ?? null, userIds.filter(isId))
        const byId = new Map(records.map((record) => [record.userId, record]))
        return userIds.map((userId) => {
          const record = byId.get(userId)
          if (record) return { ...record, isVisible: true }
          const relationship = 'NONE'
          return { userId, isVisible: false, relationship, listIdsWithViewer: [], listIdsWithoutViewer: [] }
        })
      },
      hasAudienceList: (_root, { ownerId, listId }) => {
        requireIds(ownerId, listId)
        return hasAudienceList(pool, ownerId, listId)
      },
      mediaAccessOf: async (_root, { viewerId, sessionId, mediaIds }) => {
        checkAsked(viewerId, mediaIds)
        const subject = { viewerId: viewerId ?? null, sessionId: sessionId ?? null }
        const playable = await findPlayable(subject.viewerId, mediaIds)
        const access = await tokens.media(subject, playable)
        const byId = new Map(playable.map(({ id }, index) => [id, access[index]]))
        return mediaIds.map((id) => byId.get(id) ?? null)
      },
      playableMedia: async (_root, { viewerId, mediaIds }) => {
        checkAsked(viewerId, mediaIds)
        const playable = await findPlayable(viewerId ?? null, mediaIds)
        return playable.map(({ id }) => id)
      },
      usersByHandles: async (_root, { viewerId, handles }) => {
        if (viewerId != null) requireIds(viewerId)
        if (handles.length > MAX_HANDLES)
          throw badInput(`The request has ${handles.length} handles; the limit is ${MAX_HANDLES}. Split it.`)
        const keys = handles.map(handleKey)
        const people = await findUsersByHandleKeys(
          pool,
          viewerId ?? null,
          keys.filter((key) => key !== null),
        )
        const unblocked = people.filter(({ relationship }) => relationship !== 'BLOCKED')
        const byKey = new Map(unblocked.map((user) => [handleKey(user.handle), user]))
        return keys.map((key) => (key === null ? null : (byKey.get(key) ?? null)))
      },
      usersByIds: async (_root, { ids }) => {
        checkAsked(null, ids)
        const people = await findPeople(pool, null, ids.filter(isId))
        const byId = new Map(people.map((user) => [user.id, user]))
        return ids.map((id) => byId.get(id) ?? null)
      },
    },
    Mutation: {
      resumeRevocations: (_root, _args, { caller }) => {
        return resumeRevocations(resume, caller.service === 'storage' ? 'storage' : 'blog')
      },
    },
  } satisfies Resolvers
}

function checkAsked(viewerId: string | null | undefined, ids: readonly string[]): void {
  if (viewerId != null && !isId(viewerId)) throw badInput('The viewer id is not a UUID.')
  if (ids.length > MAX_ASKED)
    throw badInput(`The request has ${ids.length} ids; the limit is ${MAX_ASKED}. Split it.`)
}
