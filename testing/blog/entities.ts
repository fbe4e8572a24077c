import { eventually } from '../eventually.ts'
import type { BlogUnderTest } from './blog.ts'

/** An entity of a post as a viewer sees it. */
export type SeenEntity = {
  __typename: string
  start: number
  length: number
  url?: string
  tag?: string
  user?: { id: string } | null
}

const ENTITIES = `query ($id: ID!) { post(id: $id) { entities {
  __typename start length
  ... on LinkEntity { url } ... on HashtagEntity { tag } ... on MentionEntity { user { id } }
} } }`

const EDIT = `mutation ($input: EditPostInput!) {
  editPost(input: $input) { __typename ... on Failure { code message } }
}`

/** The entities of a post as a viewer sees them; null if the viewer does not see the post. */
export async function entitiesOf(
  blog: BlogUnderTest,
  viewerId: string | null,
  id: string,
): Promise<SeenEntity[] | null> {
  const { post } = await blog.ask<{ post: { entities: SeenEntity[] } | null }>(viewerId, ENTITIES, { id })
  return post?.entities ?? null
}

/** The ids of the users whom a viewer sees mentioned in a post, in the order of the text. */
export async function mentionedIn(
  blog: BlogUnderTest,
  viewerId: string | null,
  id: string,
): Promise<(string | undefined)[]> {
  const entities = (await entitiesOf(blog, viewerId, id)) ?? []
  return entities.filter(({ __typename }) => __typename === 'MentionEntity').map(({ user }) => user?.id)
}

/** Edits a post as its author. */
export async function edit(
  blog: BlogUnderTest,
  authorId: string,
  input: { postId: string } & Record<string, unknown>,
): Promise<void> {
  const { editPost } = await blog.ask<{ editPost: { __typename: string } }>(authorId, EDIT, { input })
  if (editPost.__typename !== 'EditPostPayload') throw new Error(JSON.stringify(editPost))
}

/** The reports of mentions in a post, as soon as there are `count`. */
export async function mentionReports(blog: BlogUnderTest, postId: string, count: number) {
  const reports = () => blog.communication.activity.filter((each) => each.postId === postId)
  const mentioned = () => reports().filter(({ kind }) => kind === 'MENTIONED')
  await eventually(
    async () => (await blog.sql.query('SELECT FROM blog_outbox.message')).rowCount === 0,
    (isEmpty) => isEmpty && mentioned().length >= count,
    15_000,
  )
  expect(mentioned()).toHaveLength(count)
  return { mentioned: mentioned(), kinds: reports().map(({ kind }) => kind) }
}
