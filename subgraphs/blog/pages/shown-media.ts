import { z } from 'zod'
import { askPeer } from '../../../platform/subgraph/ask-peer.ts'
import type { SubgraphClient } from '../../../platform/subgraph/client.ts'
import { inTime } from '../../../platform/subgraph/in-time.ts'

/** A media file as a page shows it to one viewer. */
export type ShownMedia = z.infer<typeof mediaFacts> & { access: z.infer<typeof grant> }

/** Whether an image may be an animation. The poster of an animation is a still JPEG. */
export function mayMove({ kind, mimeType }: Pick<ShownMedia, 'kind' | 'mimeType'>): boolean {
  return kind === 'IMAGE' && (mimeType === 'image/gif' || mimeType === 'image/webp')
}

/** What a page shows besides the posts, from `communication` and `storage`. */
export type PageSources = {
  /** Media by id for a viewer, without media that the viewer may not play or whose details are currently unknown. */
  media(
    viewerId: string | null,
    sessionId: string | null,
    ids: readonly string[],
  ): Promise<Map<string, ShownMedia>>
  /** The files that media are played from, without those that are currently unknown. */
  files(ids: readonly string[]): Promise<Map<string, PlayedFile>>
  /** The names of a moblog's owner; null if they are currently unknown. */
  person(userId: string): Promise<Person | null>
}

/** The file that a media file is played from. */
export type PlayedFile = { mimeType: string; byteSize: number }

/** A user's handle and display name. */
export type Person = z.infer<typeof person>

const GRANTS = `query PageGrants($viewerId: ID, $sessionId: ID, $mediaIds: [ID!]!) {
  grants: mediaAccessOf(viewerId: $viewerId, sessionId: $sessionId, mediaIds: $mediaIds) { url progressiveUrl streamUrl posterUrl }
}`
const MEDIA = `query PageMedia($representations: [_Any!]!) {
  media: _entities(representations: $representations) {
    ... on Media { id kind state title mimeType durationSeconds width height }
  }
}`
const FILES = `query PageFiles($representations: [_Any!]!) {
  media: _entities(representations: $representations) {
    ... on Media { id mimeType byteSize renditions { role mimeType byteSize } }
  }
}`
const PERSON = `query PagePerson($representations: [_Any!]!) {
  people: _entities(representations: $representations) { ... on User { handle displayName } }
}`

const grant = z.object({
  url: z.string(),
  progressiveUrl: z.string().nullable(),
  streamUrl: z.string().nullable(),
  posterUrl: z.string().nullable(),
})
const mediaFacts = z.object({
  id: z.string(),
  kind: z.enum(['AUDIO', 'VIDEO', 'IMAGE']).nullable(),
  state: z.enum(['PROCESSING', 'READY', 'FAILED']).nullable(),
  title: z.string().nullable(),
  mimeType: z.string().nullable(),
  durationSeconds: z.number().nullable(),
  width: z.number().nullable(),
  height: z.number().nullable(),
})
const person = z.object({ handle: z.string(), displayName: z.string() })
const grants = z.object({ grants: z.array(grant.nullable()) })
const media = z.object({ media: z.array(mediaFacts.nullable()) })
const playedFile = z.object({ mimeType: z.string(), byteSize: z.number() })
const files = z.object({
  media: z.array(
    z
      .object({
        id: z.string(),
        mimeType: z.string().nullable(),
        byteSize: z.number().nullable(),
        renditions: z.array(playedFile.extend({ role: z.string() })).nullable(),
      })
      .nullable(),
  ),
})
const people = z.object({ people: z.array(person.nullable()) })

/** The answer of a service; null if it does not answer. */
function ask<Answer>(
  service: SubgraphClient,
  query: string,
  variables: Record<string, unknown>,
  answer: z.ZodType<Answer>,
): Promise<Answer | null> {
  return inTime(askPeer(service, 'blog', query, variables, answer)).catch(() => null)
}

/** Creates the calls to the other services. If one does not answer, the page shows the rest. */
export function askPageSources(communication: SubgraphClient, storage: SubgraphClient): PageSources {
  return {
    async media(viewerId, sessionId, ids) {
      if (ids.length === 0) return new Map()
      const representations = ids.map((id) => ({ __typename: 'Media', id }))
      const [granted, described] = await Promise.all([
        ask(communication, GRANTS, { viewerId, sessionId, mediaIds: ids }, grants),
        ask(storage, MEDIA, { representations }, media),
      ])
      return new Map(
        ids.flatMap((id, index): [string, ShownMedia][] => {
          const access = granted?.grants[index]
          const found = described?.media[index]
          return access && found ? [[id, { ...found, access }]] : []
        }),
      )
    },

    async files(ids) {
      if (ids.length === 0) return new Map()
      const representations = ids.map((id) => ({ __typename: 'Media', id }))
      const answer = await ask(storage, FILES, { representations }, files)
      return new Map(
        (answer?.media ?? []).flatMap((found): [string, PlayedFile][] => {
          const progressive = found?.renditions?.find(({ role }) => role === 'PROGRESSIVE')
          const { data: file } = playedFile.safeParse(progressive ?? found)
          return found && file ? [[found.id, file]] : []
        }),
      )
    },

    async person(userId) {
      const representations = [{ __typename: 'User', id: userId }]
      const answer = await ask(communication, PERSON, { representations }, people)
      return answer?.people[0] ?? null
    },
  }
}
