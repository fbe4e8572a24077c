import { newId } from '../../platform/ids.ts'
import { type TestCommunication, viewer } from './communication.ts'

/** A notification as its user sees it in the inbox. */
export type Shown = { __typename: string; id: string; readAt: string | null; [content: string]: unknown }

const SELECTION = `__typename id createdAt readAt
  ... on MediaStored { media { id } }
  ... on MediaReady { media { id } }
  ... on MediaRejected { uploadSession { id: reference } }
  ... on FriendRequestReceived { from { id } }
  ... on FriendRequestAccepted { by { id } }
  ... on PostPublished { post { id: reference } }
  ... on PostLiked { post { id: reference } by { id } }
  ... on PostCommented { post { id: reference } comment { id: reference } }`

/** Reads a user's inbox, newest first. */
export async function inboxOf(
  app: TestCommunication,
  userId: string,
  args: { first?: number; after?: string } = {},
): Promise<{ shown: Shown[]; unread: number; hasMore: boolean; cursor: string | null }> {
  const query = `query ($first: Int, $after: String) { viewer { notifications(first: $first, after: $after) {
    unreadCount edges { node { ${SELECTION} } } pageInfo { hasNextPage endCursor }
  } } }`
  const { data, errors } = await app.ask(query, args, viewer(userId))
  if (!data?.viewer?.notifications) throw new Error(JSON.stringify(errors))
  const { edges, pageInfo, unreadCount } = data.viewer.notifications
  return {
    shown: edges.map(({ node }: { node: Shown }) => node),
    unread: unreadCount,
    hasMore: pageInfo.hasNextPage,
    cursor: pageInfo.endCursor,
  }
}

/** Reads one of a user's notifications, as the gateway does; null if the user has none with this id. */
export async function notificationOf(
  app: TestCommunication,
  userId: string,
  id: string,
): Promise<Shown | null> {
  const query = `query ($id: ID!) { notification(id: $id) { ${SELECTION} } }`
  return (await app.ask(query, { id }, viewer(userId))).data.notification
}

/** Reads the feed of a user's inbox, as the gateway does. */
export async function feedOf(
  app: TestCommunication,
  userId: string,
  after: string | null,
  first = 50,
): Promise<{ events: { id: string; position: string }[]; end: string }> {
  const query = `query ($readers: [NotificationReader!]!, $first: Int!) {
    notificationFeeds(readers: $readers, first: $first) { events { id position } end }
  }`
  const readers = [{ userId, after }]
  return (await app.internal(query, { readers, first }, 'gateway')).data.notificationFeeds[0]
}

/** Reports activity on a post, as blog does. */
export async function reported(
  app: TestCommunication,
  activity: {
    kind: string
    authorId: string
    actorId: string
    postId?: string
    commentId?: string
    occurredAt?: string
  },
): Promise<string> {
  const query = 'mutation ($input: ReportPostActivityInput!) { reportPostActivity(input: $input) }'
  const input = { postId: newId(), occurredAt: new Date().toISOString(), ...activity }
  const { data, errors } = await app.internal(query, { input }, 'blog')
  if (data?.reportPostActivity !== true) throw new Error(JSON.stringify(errors))
  return input.postId
}
