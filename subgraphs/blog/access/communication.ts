import type { Audience } from '../../../generated/graphql/blog.ts'
import { ANSWER_MS, inTime } from '../../../platform/subgraph/in-time.ts'
import { callPeer, type PeerClient } from '../../../platform/subgraph/peer.ts'
import { communicationOperation } from '../internal-operations/communication.ts'
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
  /** The users whom a user has muted. */
  mutedUserIdsOf(userId: string): Promise<string[]>
  /** Reports a post's media. Returns the ids that are not the owner's media; if there are any, nothing is changed. */
  setPostAudience(report: AudienceReport): Promise<string[]>
}

/**
 * Creates the calls to `communication` over the given client.
 *
 * @param timeoutMs how long to wait for an answer, in milliseconds
 */
export function askCommunication(peer: PeerClient, timeoutMs = ANSWER_MS): Communication {
  const soon = <Answer>(call: Promise<Answer>) => inTime(call, timeoutMs)
  return {
    async relationshipsOf(viewerId, userIds) {
      const operation = communicationOperation('relationships-of')
      const { relationshipsOf } = await soon(callPeer(peer, operation, { viewerId, userIds }))
      const byId = new Map(relationshipsOf.map((record) => [record.userId, record]))
      return userIds.map((id) => {
        const record = byId.get(id)
        return record?.isVisible ? record.relationship : 'INVISIBLE'
      })
    },
    async friendIdsOf(userId) {
      const operation = communicationOperation('friend-ids-of')
      return (await soon(callPeer(peer, operation, { userId }))).friendIdsOf
    },
    async hiddenUserIdsOf(viewerId) {
      const operation = communicationOperation('hidden-user-ids-of')
      return (await soon(callPeer(peer, operation, { viewerId }))).hiddenUserIdsOf
    },
    async mutedUserIdsOf(userId) {
      const operation = communicationOperation('muted-user-ids-of')
      return (await soon(callPeer(peer, operation, { userId }))).mutedUserIdsOf
    },
    async setPostAudience(input) {
      const operation = communicationOperation('set-post-audience')
      return (await soon(callPeer(peer, operation, { input }))).setPostAudience.unknownMediaIds
    },
  }
}
