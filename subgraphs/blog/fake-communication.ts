import type { Relationship } from '../../generated/graphql/blog.ts'
import { createLog } from '../../platform/log.ts'
import { inProcessClient, type SubgraphClient } from '../../platform/subgraph/client.ts'
import { createSubgraph } from '../../platform/subgraph/subgraph.ts'
import { subgraphSdl } from '../../schema/compose.ts'
import type { AudienceReport } from './access/communication.ts'

/** `communication` as far as the blog asks it, for tests: same schema and guards, facts that the test sets. */
export type FakeCommunication = {
  client: SubgraphClient
  /** What was reported about posts, in the order of arrival, refused reports included. */
  reports: AudienceReport[]
  /** What was reported to have happened to posts. */
  activity: Record<string, unknown>[]
  /** How often relationships were asked for. */
  relationshipQuestions: number
  /** Makes two users each other's friends, or says what the second is to the first. */
  relate(viewerId: string, userId: string, relationship: Relationship | 'INVISIBLE'): void
  befriend(one: string, other: string): void
  /** Enters a medium into the register. */
  own(ownerId: string, mediaId: string): void
  /** Who may play a medium now, by the newest report of each post. */
  audienceOf(mediaId: string): string[]
  /** Waits before it answers a report; throw to fail. */
  beforeReport: (report: AudienceReport) => Promise<void> | void
}

/** Makes a `communication` in which everyone exists, and is nothing to everyone else. */
export function createFakeCommunication(): FakeCommunication {
  const relationships = new Map<string, Relationship | 'INVISIBLE'>()
  const owners = new Map<string, string>()
  const posts = new Map<string, AudienceReport>()

  const subgraph = createSubgraph({
    name: 'communication',
    typeDefs: subgraphSdl('communication'),
    context: (caller) => ({ caller }),
    log: createLog('communication', 'silent'),
    resolvers: {
      Query: {
        relationshipsOf(_query: unknown, args: { viewerId: string | null; userIds: string[] }) {
          fake.relationshipQuestions++
          return args.userIds.map((userId) => {
            const known = relationships.get(`${args.viewerId} ${userId}`)
            const standing = known ?? (args.viewerId === userId ? 'SELF' : 'NONE')
            const isVisible = standing !== 'INVISIBLE'
            return { userId, isVisible, relationship: isVisible ? standing : 'NONE' }
          })
        },
      },
      Mutation: {
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
    },
  })

  const fake: FakeCommunication = {
    client: inProcessClient(() => subgraph),
    reports: [],
    activity: [],
    relationshipQuestions: 0,
    beforeReport: () => {},
    relate: (viewerId, userId, relationship) => relationships.set(`${viewerId} ${userId}`, relationship),
    befriend(one, other) {
      relationships.set(`${one} ${other}`, 'FRIEND').set(`${other} ${one}`, 'FRIEND')
    },
    own: (ownerId, mediaId) => owners.set(mediaId, ownerId),
    audienceOf: (mediaId) =>
      [...posts.values()]
        .filter(({ mediaIds }) => mediaIds.includes(mediaId))
        .map(({ audience }) => audience),
  }
  return fake
}
