import { newId } from '../../../platform/ids.ts'
import { type BlogUnderTest, startBlogUnderTest } from '../../../testing/blog/blog.ts'

// A user who has blocked the viewer looks like a user who does not exist, also when the viewer takes back something.

let blog: BlogUnderTest

beforeAll(async () => {
  blog = await startBlogUnderTest()
})
afterAll(() => blog.stop())

type Result = { __typename: string; code?: string; message?: string; comment?: { id: string } }

async function change(viewerId: string, mutation: string, input: object): Promise<Result> {
  const type =
    mutation === 'commentOnPost' ? 'CommentOnPost' : mutation.endsWith('Post') ? 'PostId' : 'CommentId'
  const made = mutation === 'commentOnPost' ? '... on CommentOnPostPayload { comment { id } }' : ''
  const query = `mutation ($input: ${type}Input!) { result: ${mutation}(input: $input) {
    __typename ... on Failure { code message } ${made}
  } }`
  return (await blog.ask<{ result: Result }>(viewerId, query, { input })).result
}

async function comment(viewerId: string, postId: string): Promise<string> {
  const { comment } = await change(viewerId, 'commentOnPost', { postId, text: 'Hm' })
  return comment?.id ?? ''
}

/** A post of a friend of the viewer, with everything that the viewer can take back. */
async function history(viewer: string) {
  const [author, stranger] = [newId(), newId()]
  blog.communication.befriend(author, viewer)
  const postId = await blog.publish(author, { audience: 'FRIENDS' })
  const elsewhere = await blog.publish(stranger)
  const ids = {
    unlikePost: { postId },
    unhidePost: { postId },
    deleteComment: { commentId: await comment(viewer, postId) },
    unlikeComment: { commentId: await comment(author, postId) },
    'unlikeComment elsewhere': { commentId: await comment(author, elsewhere) },
  }
  await change(viewer, 'likePost', { postId })
  await change(viewer, 'hidePost', { postId })
  for (const input of [ids.unlikeComment, ids['unlikeComment elsewhere']])
    await change(viewer, 'likeComment', input)
  return { author, ids }
}

/** How many likes, comments and hidden posts a viewer has. */
async function left(viewer: string) {
  const { rows } = await blog.sql.query(
    `SELECT (SELECT count(*) FROM post_like WHERE user_id = $1 AND removed_at IS NULL)
      + (SELECT count(*) FROM comment_like WHERE user_id = $1)
      + (SELECT count(*) FROM hidden_post WHERE user_id = $1)
      + (SELECT count(*) FROM comment WHERE author_id = $1 AND deleted_at IS NULL) AS count`,
    [viewer],
  )
  return Number(rows[0].count)
}

it('answers the same about posts and comments of a blocking user, of a deleted account and of nobody', async () => {
  const viewer = newId()
  const [blocking, deleted] = [await history(viewer), await history(viewer)]
  blog.communication.relate(viewer, blocking.author, 'INVISIBLE')
  blog.communication.relate(viewer, deleted.author, 'INVISIBLE')
  const erase = 'mutation ($input: EraseUserInput!) { eraseUserPosts(input: $input) }'
  await blog.internal(erase, { input: { userId: deleted.author } }, 'communication')
  for (const [name, input] of Object.entries(blocking.ids)) {
    const [mutation = ''] = name.split(' ')
    const unknown = 'postId' in input ? { postId: newId() } : { commentId: newId() }
    const expected = await change(viewer, mutation, unknown)
    expect(expected).toMatchObject({ __typename: 'RequestFailed', code: 'NOT_FOUND' })
    const ofDeleted = deleted.ids[name as keyof typeof deleted.ids]
    for (const same of [ofDeleted, ofDeleted, input, input]) {
      expect({ name, ...(await change(viewer, mutation, same)) }).toEqual({ name, ...expected })
    }
  }
})

it.each(['INVISIBLE', 'NONE'] as const)(
  'takes back what is on a post that the viewer may no longer see (%s)',
  async (relationship) => {
    const viewer = newId()
    const { author, ids } = await history(viewer)
    expect(await left(viewer)).toBe(5)
    blog.communication.relate(viewer, author, relationship)
    for (const [name, input] of Object.entries(ids)) await change(viewer, name.split(' ')[0] ?? '', input)
    expect(await left(viewer)).toBe(0)
  },
)
