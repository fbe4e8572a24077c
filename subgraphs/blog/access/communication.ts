import type { RelationshipsOfQuery } from '../../../generated/graphql/internal/blog-to-communication.ts'
import { ANSWER_MS, inTime } from '../../../platform/subgraph/in-time.ts'
import { callPeer, type PeerClient } from '../../../platform/subgraph/peer.ts'
import { communicationOperation } from '../internal-operations/communication.ts'
import { INVISIBLE, type PostAudience, type ViewerRelationship } from './viewer-relationship.ts'

/**
 * The media and the audience of a post. `communication` ignores a report whose revision is not newer than the last one.
 */
export type AudienceReport = PostAudience & {
  postId: string
  ownerId: string
  mediaIds: readonly string[]
  revision: number
  /** Whether to delete the media that the post has shown and that no other post shows. */
  deletesMedia: boolean
}

/** A friend of the viewer. */
export type Friend = { id: string; relationship: ViewerRelationship }

/** The calls of this service to `communication`, which decides about users and media. */
export type Communication = {
  /** The relationship of each user to the viewer (null: signed out), in the order of `userIds`. */
  relationshipsOf(viewerId: string | null, userIds: readonly string[]): Promise<ViewerRelationship[]>
  /** The ids of a user's friends, newest friends first. */
  friendIdsOf(userId: string): Promise<string[]>
  /** A user's friends with their relationships to the user, newest friends first. */
  friendsOf(userId: string): Promise<Friend[]>
  /** Whether a user has an audience list with this id. */
  hasAudienceList(ownerId: string, listId: string): Promise<boolean>
  /** The users who do not exist for a viewer, because one of the two has blocked the other. */
  hiddenUserIdsOf(viewerId: string): Promise<string[]>
  /** The users whom a user has muted. */
  mutedUserIdsOf(userId: string): Promise<string[]>
  /**
   * The ids of the users who have these handles, by handle; those who do not exist for the viewer are missing.
   *
   * @param joinedBy users who joined later are left out too
   */
  userIdsByHandles(
    viewerId: string,
    handles: readonly string[],
    joinedBy?: Date,
  ): Promise<Map<string, string>>
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
        return record ? toRelationship(record) : INVISIBLE
      })
    },
    async friendIdsOf(userId) {
      const operation = communicationOperation('friend-ids-of')
      return (await soon(callPeer(peer, operation, { userId }))).friendIdsOf
    },
    async friendsOf(userId) {
      const { friendsOf } = await soon(callPeer(peer, communicationOperation('friends-of'), { userId }))
      return friendsOf.map((record) => ({ id: record.userId, relationship: toRelationship(record) }))
    },
    async hasAudienceList(ownerId, listId) {
      const operation = communicationOperation('has-audience-list')
      return (await soon(callPeer(peer, operation, { ownerId, listId }))).hasAudienceList
    },
    async hiddenUserIdsOf(viewerId) {
      const operation = communicationOperation('hidden-user-ids-of')
      return (await soon(callPeer(peer, operation, { viewerId }))).hiddenUserIdsOf
    },
    async mutedUserIdsOf(userId) {
      const operation = communicationOperation('muted-user-ids-of')
      return (await soon(callPeer(peer, operation, { userId }))).mutedUserIdsOf
    },
    async userIdsByHandles(viewerId, handles, joinedBy) {
      const operation = communicationOperation('users-by-handles')
      const { usersByHandles } = await soon(callPeer(peer, operation, { viewerId, handles }))
      return new Map(
        handles.flatMap((handle, index) => {
          const user = usersByHandles[index]
          if (!user || (joinedBy && new Date(user.createdAt) > joinedBy)) return []
          return [[handle, user.id] as const]
        }),
      )
    },
    async setPostAudience(input) {
      const operation = communicationOperation('set-post-audience')
      return (await soon(callPeer(peer, operation, { input }))).setPostAudience.unknownMediaIds
    },
  }
}

function toRelationship({
  isVisible,
  relationship,
  listIdsWithViewer,
  listIdsWithoutViewer,
}: RelationshipsOfQuery['relationshipsOf'][number]): ViewerRelationship {
  if (!isVisible) return INVISIBLE
  return {
    kind: relationship,
    listsWithViewer: listIdsWithViewer,
    listsWithoutViewer: listIdsWithoutViewer,
  }
}
