import { newId } from '../../../platform/ids.ts'
import { type BlogUnderTest, startBlogUnderTest } from '../../../testing/blog/blog.ts'

const ERASE = 'mutation ($input: EraseUserInput!) { eraseUserPosts(input: $input) }'

let blog: BlogUnderTest

beforeAll(async () => {
  blog = await startBlogUnderTest()
})

afterAll(() => blog.stop())

const erase = (userId: string, service = 'communication') =>
  blog.internal(ERASE, { input: { userId } }, service)
const like = (userId: string, postId: string) =>
  blog.ask(userId, 'mutation ($id: ID!) { likePost(input: { postId: $id }) { __typename } }', { id: postId })
const comment = (userId: string, postId: string) =>
  blog.ask(
    userId,
    'mutation ($id: ID!) { commentOnPost(input: { postId: $id, text: "Hello" }) { __typename } }',
    { id: postId },
  )
const INPUTS: Record<string, string> = { hidePost: 'PostIdInput', likeComment: 'CommentIdInput' }
const change = (userId: string, mutation: string, input: object) => {
  const type = INPUTS[mutation] ?? `${mutation[0]?.toUpperCase()}${mutation.slice(1)}Input`
  const query = `mutation ($input: ${type}!) { ${mutation}(input: $input) { __typename } }`
  return blog.ask(userId, query, { input })
}
const look = async (viewerId: string, postId: string) => {
  const query =
    'query ($id: ID!) { post(id: $id) { likeCount commentCount comments { edges { node { author { id } } } } } }'
  return (
    await blog.ask<{ post: { likeCount: number; commentCount: number } | null }>(viewerId, query, {
      id: postId,
    })
  ).post
}

describe('eraseUserPosts', () => {
  it('deletes the moblog, posts, likes and comments of the user, and keeps those of others', async () => {
    const [me, other] = [newId(), newId()]
    blog.communication.name(me, 'erased_user')
    const text = 'With @erased_user #tag'
    const [mine, theirs] = [await blog.publish(me, { text }), await blog.publish(other, { text })]
    for (const user of [me, other]) {
      for (const post of [mine, theirs]) {
        await like(user, post)
        await comment(user, post)
        await comment(user, post)
      }
    }
    expect(await look(other, theirs)).toMatchObject({ likeCount: 2, commentCount: 4 })
    expect((await erase(me)).data).toEqual({ eraseUserPosts: true })
    expect(await look(other, mine)).toBeNull()
    const left = await look(other, theirs)
    expect(left).toMatchObject({ likeCount: 1, commentCount: 2 })
    expect(JSON.stringify(left)).not.toContain(me)
    const { rows } = await blog.sql.query(
      `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'blog'`,
    )
    for (const { name } of rows.filter(({ name }) => name !== 'page_revocation')) {
      const found = await blog.sql.query(`SELECT FROM "${name}" AS t WHERE t::text LIKE '%' || $1 || '%'`, [
        me,
      ])
      expect({ name, rows: found.rowCount }).toEqual({ name, rows: 0 })
    }
  })

  it('deletes the home feed and the seen marks of the user, and the traces of the user in those of others', async () => {
    const [me, other] = [newId(), newId()]
    blog.communication.befriend(me, other)
    const posts = [await blog.publish(me), await blog.publish(other)]
    for (const user of [me, other]) {
      await blog.ask(user, '{ feed { edges { node { id } } } }')
      const id = posts.at(-1)
      await blog.ask(user, `mutation { markFeedSeen(input: { upToPostId: "${id}" }) { __typename } }`)
    }
    await erase(me)
    for (const table of ['home_feed', 'home_feed_item', 'seen_mark']) {
      const found = await blog.sql.query(`SELECT FROM ${table} AS t WHERE t::text LIKE '%' || $1 || '%'`, [
        me,
      ])
      expect({ table, rows: found.rowCount }).toEqual({ table, rows: 0 })
    }
    const { rowCount } = await blog.sql.query('SELECT FROM home_feed WHERE viewer_id = $1', [other])
    expect(rowCount).toBe(1)
  })

  it('deletes the rows of likes and comments that the user had withdrawn, and does not reduce the counts for them again', async () => {
    const [me, other, author] = [newId(), newId(), newId()]
    const post = await blog.publish(author)
    for (const user of [me, other]) {
      await like(user, post)
      for (let index = 0; index < 3; index++) await comment(user, post)
    }
    await blog.ask(me, `mutation { unlikePost(input: { postId: "${post}" }) { __typename } }`)
    const { rows } = await blog.sql.query('SELECT id FROM comment WHERE author_id = $1', [me])
    for (const { id } of rows.slice(1)) {
      await blog.ask(me, `mutation { deleteComment(input: { commentId: "${id}" }) { __typename } }`)
    }
    expect(await look(other, post)).toMatchObject({ likeCount: 1, commentCount: 4 })
    await erase(me)
    expect(await look(other, post)).toMatchObject({ likeCount: 1, commentCount: 3 })
    for (const table of ['post_like', 'post_commenter', 'comment']) {
      const found = await blog.sql.query(`SELECT FROM ${table} AS t WHERE t::text LIKE '%' || $1 || '%'`, [
        me,
      ])
      expect({ table, rows: found.rowCount }).toEqual({ table, rows: 0 })
    }
  })

  it('keeps counts correct while other users like and comment', async () => {
    const [me, author] = [newId(), newId()]
    const post = await blog.publish(author)
    await like(me, post)
    await comment(me, post)
    const others = Array.from({ length: 10 }, newId)
    await Promise.all([erase(me), ...others.flatMap((user) => [like(user, post), comment(user, post)])])
    expect(await look(author, post)).toMatchObject({ likeCount: 10, commentCount: 10 })
  })

  it("deletes the user's views, likes of comments, hidden posts and settings, and reduces the counts once", async () => {
    const [me, other, author] = [newId(), newId(), newId()]
    const posts = [await blog.publish(author), await blog.publish(author)]
    for (const user of [me, other]) {
      await change(user, 'viewPosts', { postIds: posts })
      await change(user, 'hidePost', { postId: posts[0] })
      await change(user, 'updateReadReceipts', { enabled: false })
    }
    await comment(author, posts[0] ?? '')
    const { rows } = await blog.sql.query('SELECT id FROM comment WHERE post_id = $1', [posts[0]])
    for (const user of [me, other]) await change(user, 'likeComment', { commentId: rows[0].id })
    for (const _ of Array(2)) await erase(me)
    const { post } = await blog.ask<{ post: object }>(
      other,
      `{ post(id: "${posts[0]}") { viewCount isHidden comments { edges { node { likeCount likedByViewer } } } } }`,
    )
    expect(post).toEqual({
      viewCount: 1,
      isHidden: true,
      comments: { edges: [{ node: { likeCount: 1, likedByViewer: true } }] },
    })
    for (const table of ['post_view', 'comment_like', 'hidden_post', 'read_receipt_opt_out']) {
      const found = await blog.sql.query(`SELECT FROM ${table} WHERE user_id = $1`, [me])
      expect({ table, rows: found.rowCount }).toEqual({ table, rows: 0 })
    }
  })

  it('succeeds if it is repeated, or if the user has no data', async () => {
    const me = newId()
    await blog.publish(me)
    for (const id of [me, me, newId()]) expect((await erase(id)).errors).toBeUndefined()
  })

  it('is refused to every service except communication', async () => {
    expect((await erase(newId(), 'storage')).errors?.[0]?.extensions.code).toBe('FORBIDDEN')
  })
})
