import { z } from 'zod'
import type { Audience } from '../../../generated/graphql/blog.ts'
import { askPeer } from '../../../platform/subgraph/ask-peer.ts'
import type { SubgraphClient } from '../../../platform/subgraph/client.ts'
import { ANSWER_MS, inTime } from '../../../platform/subgraph/in-time.ts'
import type { ViewerRelationship } from './viewer-relationship.ts'

/**
 * The media and the audience of a post. `communication` ignores a report whose revision is not newer than the last one.
 */
export type AudienceReport = {
  postId: string
  ownerId: string
  mediaIds: readonly string[]
  audience: Audience
  revision: number
}

/** The calls of this service to `communication`, which decides about users and media. */
export type Communication = {
  /** The relationship of each user to the viewer (null: signed out), in the order of `userIds`. */
  relationshipsOf(viewerId: string | null, userIds: readonly string[]): Promise<ViewerRelationship[]>
  /** The ids of a user's friends, newest friends first. */
  friendIdsOf(userId: string): Promise<string[]>
  /** The users who do not exist for a viewer, because one of the two has blocked the other. */
  hiddenUserIdsOf(viewerId: string): Promise<string[]>
  /** Reports a post's media. Returns the ids that are not the owner's media; if there are any, nothing is changed. */
  setPostAudience(report: AudienceReport): Promise<string[]>
}

const RELATIONSHIPS = `query BlogStandings($viewerId: ID, $userIds: [ID!]!) {
  relationshipsOf(viewerId: $viewerId, userIds: $userIds) { userId isVisible relationship }
}`

const FRIENDS = 'query BlogFriends($userId: ID!) { ids: friendIdsOf(userId: $userId) }'
const HIDDEN = 'query BlogHidden($viewerId: ID!) { ids: hiddenUserIdsOf(viewerId: $viewerId) }'

const SET_POST_AUDIENCE = `mutation BlogAudience($input: SetPostAudienceInput!) {
  setPostAudience(input: $input) { unknownMediaIds }
}`

const relationship = z.enum(['SELF', 'FRIEND', 'REQUEST_SENT', 'REQUEST_RECEIVED', 'BLOCKED', 'NONE'])
const relationships = z.object({
  relationshipsOf: z.array(z.object({ userId: z.string(), isVisible: z.boolean(), relationship })),
})
const found = z.object({ ids: z.array(z.string()) })
const outcome = z.object({ setPostAudience: z.object({ unknownMediaIds: z.array(z.string()) }) })

/**
 * Creates the calls to `communication` over the given client.
 *
 * @param timeoutMs how long to wait for an answer, in milliseconds
 */
export function askCommunication(peer: SubgraphClient, timeoutMs = ANSWER_MS): Communication {
  const ask = <Answer>(query: string, variables: Record<string, unknown>, answer: z.ZodType<Answer>) =>
    inTime(askPeer(peer, 'blog', query, variables, answer), timeoutMs)
  return {
    async relationshipsOf(viewerId, userIds) {
      const { relationshipsOf } = await ask(RELATIONSHIPS, { viewerId, userIds }, relationships)
      const byId = new Map(relationshipsOf.map((record) => [record.userId, record]))
      return userIds.map((id) => {
        const record = byId.get(id)
        return record?.isVisible ? record.relationship : 'INVISIBLE'
      })
    },
    friendIdsOf: async (userId) => (await ask(FRIENDS, { userId }, found)).ids,
    hiddenUserIdsOf: async (viewerId) => (await ask(HIDDEN, { viewerId }, found)).ids,
    async setPostAudience(input) {
      return (await ask(SET_POST_AUDIENCE, { input }, outcome)).setPostAudience.unknownMediaIds
    },
  }
}
