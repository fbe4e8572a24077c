import { createHash } from 'node:crypto'
import { newId } from '../../platform/ids.ts'
import { WebAddress } from '../../platform/scalars.ts'
import type { InternalApi } from '../../platform/subgraph/internal-api.ts'
import type { AudienceReport } from '../../subgraphs/blog/access/communication.ts'
import type { Relationship } from '../../subgraphs/blog/access/viewer-relationship.ts'
import { createFakeService } from '../fake-service.ts'

/**
 * A fake `communication` for tests, with the internal fields that the blog uses. It has the real schema, and the test
 * sets the facts.
 */
export type FakeCommunication = {
  internal: InternalApi
  /** The audience reports in the order of arrival, including refused ones. */
  reports: AudienceReport[]
  /** The activity reports in the order of arrival. */
  activity: Record<string, unknown>[]
  /** How often relationships were requested. */
  relationshipQueries: number
  /** Sets the relationship of `userId` to `viewerId`, in this direction only. */
  relate(viewerId: string, userId: string, relationship: Relationship | 'INVISIBLE'): void
  befriend(one: string, other: string): void
  /** Gives a user an audience list, or replaces its members, and returns its id. */
  list(ownerId: string, members: string[], listId?: string): string
  /** Deletes an audience list. */
  unlist(listId: string): void
  /** Gives a user a handle, which nobody else has then, and says when the user joined; long ago by default. */
  name(userId: string, handle: string, createdAt?: Date): void
  /** The pictures of users, by user id. */
  avatars: Map<string, string>
  /** How often users were looked up by handle. */
  handleQueries: number
  /** Runs before users are looked up by handle. Throw to fail. */
  beforeHandles: () => void
  /** Mutes `userId` for `viewerId`, or ends that. */
  mute(viewerId: string, userId: string, isMuted: boolean): void
  /** Adds a media file to the register. */
  own(ownerId: string, mediaId: string): void
  /** Media files that have only the original so far. */
  unprepared: Set<string>
  /** The captions of media files, by media id. */
  captions: Map<string, { language: string; label: string }[]>
  /** The audiences of a media file, from the newest report of each post. */
  audienceOf(mediaId: string): string[]
  /** The missed revocations that a starting blog receives. Throw to fail. */
  pendingRevocations: () => object[]
  /** Runs before a report is answered, and may delay the answer. Throw to fail. */
  beforeReport: (report: AudienceReport) => Promise<void> | void
}

/** Creates a `communication` in which every user exists and all relationships are `NONE`. */
export function createFakeCommunication(): FakeCommunication {
  const relationships = new Map<string, Relationship | 'INVISIBLE'>()
  const mutes = new Set<string>()
  const handles = new Map<string, string>()
  const names = new Map<string, string>()
  const joined = new Map<string, Date>()
  const owners = new Map<string, string>()
  const lists = new Map<string, { ownerId: string; members: string[] }>()
  const posts = new Map<string, AudienceReport>()

  const recordOf = (viewerId: string | null, userId: string, relationship: Relationship | 'INVISIBLE') => {
    const isVisible = relationship !== 'INVISIBLE'
    const theirs = [...lists].filter(([, { ownerId }]) => ownerId === userId && relationship === 'FRIEND')
    const idsWhere = (isMember: boolean) =>
      theirs.filter(([, { members }]) => members.includes(viewerId ?? '') === isMember).map(([id]) => id)
    return {
      userId,
      isVisible,
      relationship: isVisible ? relationship : 'NONE',
      listIdsWithViewer: idsWhere(true),
      listIdsWithoutViewer: idsWhere(false),
    }
  }

  const personOf = (id: string) => ({
    id,
    handle: names.get(id) ?? 'ann',
    displayName: 'Ann <3',
    avatarId: fake.avatars.get(id) ?? null,
    createdAt: joined.get(id) ?? new Date(0),
  })

  const internal = createFakeService('communication', {
    WebAddress,
    Query: {
      usersByIds: (_query: unknown, { ids }: { ids: string[] }) =>
        ids.map((id) => (relationships.get(`null ${id}`) === 'INVISIBLE' ? null : personOf(id))),
      usersByHandles(_query: unknown, args: { viewerId?: string; handles: string[] }) {
        fake.handleQueries++
        fake.beforeHandles()
        return args.handles.map((handle) => {
          const id = handles.get(handle.toLowerCase())
          const known = relationships.get(`${args.viewerId ?? null} ${id}`)
          const isApart = known === 'INVISIBLE' || known === 'BLOCKED'
          return id === undefined || isApart ? null : personOf(id)
        })
      },
      relationshipsOf(_query: unknown, args: { viewerId: string | null; userIds: string[] }) {
        fake.relationshipQueries++
        return args.userIds.map((userId) => {
          const known = relationships.get(`${args.viewerId} ${userId}`)
          const relationship = known ?? (args.viewerId === userId ? 'SELF' : 'NONE')
          return recordOf(args.viewerId, userId, relationship)
        })
      },
      hasAudienceList: (_query: unknown, args: { ownerId: string; listId: string }) =>
        lists.get(args.listId)?.ownerId === args.ownerId,
      friendsOf: (_query: unknown, { userId: viewerId }: { userId: string }) =>
        [...relationships].flatMap(([pair, relationship]) => {
          const [one, otherId = ''] = pair.split(' ')
          return one === viewerId && relationship === 'FRIEND'
            ? [recordOf(viewerId, otherId, relationship)]
            : []
        }),
      friendIdsOf: (_query: unknown, { userId }: { userId: string }) =>
        [...relationships].flatMap(([pair, relationship]) => {
          const [viewerId, otherId] = pair.split(' ')
          return viewerId === userId && relationship === 'FRIEND' ? [otherId] : []
        }),
      hiddenUserIdsOf: (_query: unknown, { viewerId }: { viewerId: string }) =>
        [...relationships].flatMap(([pair, relationship]) => {
          const [one, otherId] = pair.split(' ')
          return one === viewerId && (relationship === 'INVISIBLE' || relationship === 'BLOCKED')
            ? [otherId]
            : []
        }),
      mutedUserIdsOf: (_query: unknown, { userId }: { userId: string }) =>
        [...mutes].flatMap((pair) => {
          const [one, otherId] = pair.split(' ')
          return one === userId ? [otherId] : []
        }),
      mediaAccessOf(_query: unknown, args: { viewerId: string | null; mediaIds: string[] }) {
        return args.mediaIds.map((id) => {
          const isFriend = relationships.get(`${args.viewerId} ${owners.get(id)}`) === 'FRIEND'
          const audiences = fake.audienceOf(id)
          const plays =
            owners.get(id) === args.viewerId ||
            audiences.includes('PUBLIC') ||
            (isFriend && audiences.includes('FRIENDS'))
          const base = `https://media.example/v/${tokenOf(id)}/${id}`
          if (plays && fake.unprepared.has(id)) {
            const none = { progressiveUrl: null, streamUrl: null, posterUrl: null, captions: [] }
            return { url: `${base}/original`, ...none }
          }
          const captions = (fake.captions.get(id) ?? []).map((each) => ({
            ...each,
            url: `${base}/captions/${each.language}`,
          }))
          const stream = { streamUrl: `${base}/stream/index.m3u8`, posterUrl: `${base}/poster`, captions }
          return plays ? { url: `${base}/original`, progressiveUrl: `${base}/progressive`, ...stream } : null
        })
      },
    },
    Mutation: {
      resumeRevocations: () => fake.pendingRevocations(),
      reportPostActivity(_mutation: unknown, { input }: { input: Record<string, unknown> }) {
        fake.activity.push(input)
        return true
      },
      async setPostAudience(_mutation: unknown, { input }: { input: AudienceReport }) {
        fake.reports.push(input)
        await fake.beforeReport(input)
        const unknownMediaIds = input.mediaIds.filter((id) => owners.get(id) !== input.ownerId)
        const newest = posts.get(input.postId)?.revision ?? 0
        if (unknownMediaIds.length === 0 && input.revision > newest) posts.set(input.postId, input)
        return { unknownMediaIds }
      },
    },
  })

  const fake: FakeCommunication = {
    internal,
    reports: [],
    activity: [],
    relationshipQueries: 0,
    avatars: new Map(),
    handleQueries: 0,
    beforeHandles: () => {},
    unprepared: new Set(),
    captions: new Map(),
    pendingRevocations: () => [],
    beforeReport: () => {},
    relate: (viewerId, userId, relationship) => relationships.set(`${viewerId} ${userId}`, relationship),
    befriend(one, other) {
      relationships.set(`${one} ${other}`, 'FRIEND').set(`${other} ${one}`, 'FRIEND')
    },
    list(ownerId, members, listId = newId()) {
      lists.set(listId, { ownerId, members })
      return listId
    },
    unlist: (listId) => void lists.delete(listId),
    name(userId, handle, createdAt = new Date(0)) {
      handles.set(handle.toLowerCase(), userId)
      names.set(userId, handle)
      joined.set(userId, createdAt)
    },
    mute(viewerId, userId, isMuted) {
      if (isMuted) mutes.add(`${viewerId} ${userId}`)
      else mutes.delete(`${viewerId} ${userId}`)
    },
    own: (ownerId, mediaId) => owners.set(mediaId, ownerId),
    audienceOf: (mediaId) =>
      [...posts.values()]
        .filter(({ mediaIds }) => mediaIds.includes(mediaId))
        .map(({ audience }) => audience),
  }
  return fake
}

/** A fake media token that is as long as a real one and as hard to compress. */
export function tokenOf(mediaId: string): string {
  const signature = createHash('sha512').update(mediaId).digest('base64url')
  const claims = { aud: 'storage', sub: mediaId, media: mediaId, owner: mediaId, iat: 1, exp: 2, iss: 'x' }
  return `eyJhbGciOiJFZERTQSJ9.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.${signature}`
}
