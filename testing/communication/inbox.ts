import { Kind, parse, print, type SelectionSetNode, visit } from 'graphql'
import { newId } from '../../platform/ids.ts'
import { readFragment } from '../../schema/read-operation.ts'
import { subgraphSdl } from '../../schema/subgraph-sdl.ts'
import { type TestCommunication, viewer } from './communication.ts'

/** A notification as its user sees it in the inbox. */
export type Shown = { __typename: string; id: string; readAt: string | null; [content: string]: unknown }

const SCHEMA = parse(subgraphSdl('communication'))

/** Returns the fields of a type in this subgraph, with the types of their values. */
function fieldsOf(typeName: string): Map<string, string> {
  const type = SCHEMA.definitions.find(
    (node) => node.kind === Kind.OBJECT_TYPE_DEFINITION && node.name.value === typeName,
  )
  const fields = type?.kind === Kind.OBJECT_TYPE_DEFINITION ? (type.fields ?? []) : []
  return new Map(fields.map(({ name, type }) => [name.value, print(type).replaceAll(/[[\]!]/g, '')]))
}

/** Selects the id of an entity in a field, which is called `reference` if another service owns the entity. */
function idIn(typeName: string, fieldName: string): SelectionSetNode {
  const entity = fieldsOf(typeName).get(fieldName) ?? ''
  const id = { kind: Kind.NAME, value: 'id' } as const
  const name = fieldsOf(entity).has('reference') ? ({ kind: Kind.NAME, value: 'reference' } as const) : id
  return { kind: Kind.SELECTION_SET, selections: [{ kind: Kind.FIELD, alias: id, name }] }
}

/** Returns the fragment of the product's clients, with only the ids of entities: their other fields are elsewhere. */
function notificationContent(): string {
  let typeName = ''
  const selected = visit(parse(readFragment('notification-content')), {
    InlineFragment({ typeCondition }) {
      typeName = typeCondition?.name.value ?? ''
    },
    Field: (node) =>
      node.selectionSet ? { ...node, selectionSet: idIn(typeName, node.name.value) } : undefined,
  })
  return print(selected)
}

const FRAGMENT = notificationContent()

/** Reads a user's inbox, newest first. */
export async function inboxOf(
  app: TestCommunication,
  userId: string,
  args: { first?: number; after?: string } = {},
): Promise<{ shown: Shown[]; unread: number; hasMore: boolean; cursor: string | null }> {
  const query = `query ($first: Int, $after: String) { viewer { notifications(first: $first, after: $after) {
    unreadCount edges { node { ...NotificationContent } } pageInfo { hasNextPage endCursor }
  } } } ${FRAGMENT}`
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
  const query = `query ($id: ID!) { notification(id: $id) { ...NotificationContent } } ${FRAGMENT}`
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
    commentAuthorId?: string
    occurredAt?: string
    audience?: string
    audienceListId?: string
    mentionedIds?: string[]
    unmentionedIds?: string[]
  },
): Promise<string> {
  const query = 'mutation ($input: ReportPostActivityInput!) { reportPostActivity(input: $input) }'
  const input = { postId: newId(), occurredAt: new Date().toISOString(), ...activity }
  const { data, errors } = await app.internal(query, { input }, 'blog')
  if (data?.reportPostActivity !== true) throw new Error(JSON.stringify(errors))
  return input.postId
}
