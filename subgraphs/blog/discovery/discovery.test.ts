import { setTimeout as sleep } from 'node:timers/promises'
import { newId } from '../../../platform/ids.ts'
import { type DiscoveryUnderTest, HOME, startDiscoveryUnderTest } from '../../../testing/blog/discovery.ts'

let blog: DiscoveryUnderTest

beforeEach(async () => {
  blog = await startDiscoveryUnderTest()
})
afterEach(() => blog.stop())

const like = (viewerId: string, postId: string) =>
  blog.ask(viewerId, `mutation { likePost(input: { postId: "${postId}" }) { __typename } }`)
const unlike = (viewerId: string, postId: string) =>
  blog.ask(viewerId, `mutation { unlikePost(input: { postId: "${postId}" }) { __typename } }`)

async function comment(viewerId: string, postId: string): Promise<string> {
  const { made } = await blog.ask<{ made: { comment: { id: string } } }>(
    viewerId,
    `mutation { made: commentOnPost(input: { postId: "${postId}", text: "Hm" }) {
      ... on CommentOnPostPayload { comment { id } }
    } }`,
  )
  return made.comment.id
}
const uncomment = (viewerId: string, id: string) =>
  blog.ask(viewerId, `mutation { deleteComment(input: { commentId: "${id}" }) { __typename } }`)

describe('the newest moblogs', () => {
  it('are the moblogs with the newest public posts', async () => {
    const [one, two, three] = [newId(), newId(), newId()]
    for (const owner of [one, two, one]) await blog.publish(owner)
    const hidden = await blog.publish(two, { audience: 'FRIENDS' })
    await blog.publish(three, { audience: 'ONLY_ME' })
    await blog.ranked()
    expect(await blog.found(null, HOME('newestMoblogs'))).toEqual([one, two])
    await blog.ask(
      two,
      `mutation { editPost(input: { postId: "${hidden}", audience: PUBLIC }) { __typename } }`,
    )
    const newest = await blog.publish(three)
    await blog.ranked()
    expect(await blog.found(null, HOME('newestMoblogs'))).toEqual([three, two, one])
    await blog.ask(three, `mutation { deletePost(input: { postId: "${newest}" }) { __typename } }`)
    await blog.ranked()
    expect(await blog.found(null, HOME('newestMoblogs'))).toEqual([two, one])
  })

  it.each(['0000-01-01T00:00:00.000Z', '2026-02-30T00:00:00.000Z'])(
    'refuse a cursor with the instant %s as every wrong cursor',
    async (rank) => {
      const after = Buffer.from(JSON.stringify(['newestMoblogs', rank, newId()])).toString('base64url')
      await expect(blog.page(null, HOME('newestMoblogs'), { after })).rejects.toThrow(
        'not a cursor of this list',
      )
    },
  )

  it('are paged without gaps, and leave out owners who are invisible to the viewer', async () => {
    const owners = Array.from({ length: 9 }, newId)
    const viewer = newId()
    for (const owner of owners) await blog.publish(owner)
    for (const owner of owners.slice(3, 7)) blog.communication.relate(viewer, owner, 'INVISIBLE')
    await blog.ranked()
    expect(await blog.readAll(viewer, HOME('newestMoblogs'), { first: 2 })).toEqual([
      ...owners.slice(7).toReversed(),
      ...owners.slice(0, 3).toReversed(),
    ])
    expect(await blog.readAll(null, HOME('newestMoblogs'), { first: 4 })).toEqual(owners.toReversed())
  })
})

/** Creates three moblogs with one post each, one after the other. `order` returns the order of the hot list. */
async function startThree() {
  const owners = Array.from({ length: 3 }, newId)
  const posts: string[] = []
  for (const owner of owners) posts.push(await blog.publish(owner))
  const order = async () => {
    await blog.ranked()
    return (await blog.found(null, HOME('hotMoblogs'))).map((id) => owners.indexOf(id))
  }
  return { posts: posts as [string, string, string], order }
}

describe('the hot moblogs', () => {
  it('are the moblogs with the most users who liked or commented recently', async () => {
    const [cold, warm, hot] = [newId(), newId(), newId()]
    const posts = [await blog.publish(hot), await blog.publish(warm), await blog.publish(cold)] as const
    for (const user of [newId(), newId()]) await like(user, posts[1])
    for (const user of [newId(), newId()]) await comment(user, posts[0])
    await blog.ranked()
    expect(await blog.readAll(null, HOME('hotMoblogs'), { first: 1 })).toEqual([hot, warm, cold])
    // Activity that is two days old counts a quarter.
    await blog.sql.query(`UPDATE post_commenter SET first_at = first_at - interval '2 days'`)
    await like(newId(), posts[2])
    await blog.sql.query('INSERT INTO rank_due SELECT id, now() FROM moblog ON CONFLICT DO NOTHING')
    await blog.ranked()
    expect(await blog.found(null, HOME('hotMoblogs'))).toEqual([warm, cold, hot])
  })

  it('do not rise by repeated activity of one user or by activity of the owner', async () => {
    const [modest, pushed] = [newId(), newId()]
    const post = await blog.publish(modest)
    for (const user of [newId(), newId(), newId(), newId()]) await like(user, post)
    const friend = newId()
    for (let index = 0; index < 6; index++) {
      const own = await blog.publish(pushed)
      for (const user of [friend, pushed]) {
        await like(user, own)
        await comment(user, own)
        await comment(user, own)
      }
    }
    await blog.ranked()
    expect(await blog.found(null, HOME('hotMoblogs'))).toEqual([modest, pushed])
  })

  it('do not rise if a user withdraws and repeats a like, and fall if the like is withdrawn', async () => {
    const { posts, order } = await startThree()
    const [fan, other] = [newId(), newId()]
    await like(fan, posts[0])
    await like(other, posts[1])
    expect(await order()).toEqual([1, 0, 2])
    for (let again = 0; again < 3; again++) {
      await sleep(50)
      await unlike(fan, posts[0])
      await like(fan, posts[0])
    }
    expect(await order()).toEqual([1, 0, 2])
    expect(await blog.ask(null, `{ post(id: "${posts[0]}") { likeCount } }`)).toEqual({
      post: { likeCount: 1 },
    })
    await unlike(fan, posts[0])
    expect(await order()).toEqual([1, 2, 0])
  })

  it('do not rise if a user deletes and repeats a comment, and fall if the user deletes all comments', async () => {
    const { posts, order } = await startThree()
    const [fan, other] = [newId(), newId()]
    let last = await comment(fan, posts[0])
    await comment(other, posts[1])
    expect(await order()).toEqual([1, 0, 2])
    for (let again = 0; again < 3; again++) {
      await sleep(50)
      await uncomment(fan, last)
      last = await comment(fan, posts[0])
    }
    const another = await comment(fan, posts[0])
    expect(await order()).toEqual([1, 0, 2])
    await uncomment(fan, last)
    expect(await order()).toEqual([1, 0, 2])
    await uncomment(fan, another)
    expect(await order()).toEqual([1, 2, 0])
  })

  it('ignore activity on posts that are not public', async () => {
    const owner = newId()
    const friend = newId()
    blog.communication.befriend(owner, friend)
    await like(friend, await blog.publish(owner, { audience: 'FRIENDS' }))
    await blog.ranked()
    expect(await blog.found(owner, HOME('hotMoblogs'))).toEqual([])
  })

  it('count all activity that happens while they are ranked', async () => {
    const owner = newId()
    const post = await blog.publish(owner)
    const users = Array.from({ length: 40 }, newId)
    await Promise.all(users.map((user) => like(user, post)))
    await blog.ranked()
    const { rows } = await blog.sql.query(
      'SELECT hot - extract(epoch FROM now())::float8 / 86400 AS heat FROM moblog',
    )
    expect(rows[0].heat).toBeCloseTo(Math.log2(40.5), 1)
  })
})
