import { newId } from '../../../platform/ids.ts'
import { type HomeFeedUnderTest, startHomeFeedUnderTest } from '../../../testing/blog/home-feed.ts'

let blog: HomeFeedUnderTest

beforeAll(async () => {
  blog = await startHomeFeedUnderTest()
})
afterAll(() => blog.stop())

const idsOf = async (viewerId: string | null, first?: number) => {
  const { edges } = await blog.page(viewerId, first)
  return edges.map(({ node }) => node.id)
}
const edit = (authorId: string, postId: string, audience: string) =>
  blog.ask(authorId, 'mutation ($input: EditPostInput!) { editPost(input: $input) { __typename } }', {
    input: { postId, audience },
  })
const remove = (authorId: string, postId: string) =>
  blog.ask(authorId, 'mutation ($id: ID!) { deletePost(input: { postId: $id }) { __typename } }', {
    id: postId,
  })
const itemsOf = async (viewerId: string) =>
  (await blog.sql.query('SELECT post_id FROM home_feed_item WHERE viewer_id = $1', [viewerId])).rowCount

/** A viewer who has read the feed before, and friends. */
async function viewerWith(...friends: string[]): Promise<string> {
  const viewer = newId()
  for (const friend of friends) await blog.befriend(viewer, friend)
  await blog.page(viewer)
  return viewer
}

describe('the home feed', () => {
  it('shows the posts of the viewer and of friends, newest first, and none of strangers', async () => {
    const [ann, bob, stranger] = [newId(), newId(), newId()]
    const first = await blog.publish(ann, { audience: 'FRIENDS' })
    const viewer = await viewerWith(ann, bob)
    const second = await blog.publish(bob)
    await blog.publish(stranger)
    await blog.publish(bob, { audience: 'ONLY_ME' })
    const mine = await blog.publish(viewer, { audience: 'ONLY_ME' })
    await blog.settled()
    expect(await idsOf(viewer)).toEqual([mine, second, first])
  })

  it('shows a post to its author at once', async () => {
    const viewer = await viewerWith()
    const mine = await blog.publish(viewer)
    expect(await idsOf(viewer)).toEqual([mine])
  })

  it('is empty for a viewer who is signed out', async () => {
    expect(await idsOf(null)).toEqual([])
    expect(await blog.unseenCount(null)).toBe(0)
  })

  it('is paged without gaps and repetitions while posts are published', async () => {
    const [ann, bob] = [newId(), newId()]
    const viewer = await viewerWith(ann, bob)
    const posts: string[] = []
    for (let index = 0; index < 9; index++)
      posts.unshift(await blog.publish([ann, bob, viewer][index % 3] ?? ''))
    await blog.settled()
    const { edges, pageInfo } = await blog.page(viewer, 4)
    await blog.publish(ann)
    await blog.settled()
    const rest = await blog.page(viewer, 100, pageInfo.endCursor)
    expect([...edges, ...rest.edges].map(({ node }) => node.id)).toEqual(posts)
    expect(rest.pageInfo.hasNextPage).toBe(false)
    await expect(blog.page(viewer, 4, 'x')).rejects.toMatchObject({ extensions: { code: 'BAD_USER_INPUT' } })
  })

  it('follows the audience and the deletion of posts', async () => {
    const ann = newId()
    const viewer = await viewerWith(ann)
    const [hidden, deleted, shown] = [
      await blog.publish(ann),
      await blog.publish(ann),
      await blog.publish(ann, { audience: 'ONLY_ME' }),
    ]
    await blog.settled()
    await edit(ann, hidden, 'ONLY_ME')
    await remove(ann, deleted)
    await edit(ann, shown, 'FRIENDS')
    await blog.settled()
    expect(await idsOf(viewer)).toEqual([shown])
    expect(await itemsOf(viewer)).toBe(1)
    await edit(ann, hidden, 'PUBLIC')
    await blog.settled()
    expect(await idsOf(viewer)).toEqual([shown, hidden])
  })

  it.each(['unfriend', 'block'] as const)('loses the posts of a former friend after %s', async (how) => {
    const ann = newId()
    const viewer = await viewerWith(ann)
    await blog.publish(ann)
    await blog.settled()
    await blog.separate(viewer, ann, how)
    await blog.settled()
    expect(await idsOf(viewer)).toEqual([])
    expect(await itemsOf(viewer)).toBe(0)
  })

  it('shows posts for all friends although there are many newer ones for a list without the viewer', async () => {
    const ann = newId()
    const others = blog.communication.list(ann, [newId()])
    const older = await blog.publish(ann, { audience: 'FRIENDS' })
    for (let index = 0; index < 100; index++)
      await blog.publish(ann, { audience: 'ONLY_LIST', audienceListId: others })
    expect(await idsOf(await viewerWith(ann))).toEqual([older])
  })

  it('gets the newest 100 posts of a new friend', async () => {
    const ann = newId()
    const viewer = await viewerWith()
    const posts: string[] = []
    for (let index = 0; index < 101; index++) posts.unshift(await blog.publish(ann))
    await blog.settled()
    await blog.befriend(viewer, ann)
    await blog.settled()
    expect(await blog.readAll(viewer, 30)).toEqual(posts.slice(0, 100))
  })

  it('does not show what the viewer may no longer see, before a change has reached the feed', async () => {
    const [ann, bob] = [newId(), newId()]
    const viewer = await viewerWith(ann, bob)
    const kept = await blog.publish(bob)
    for (let index = 0; index < 30; index++) await blog.publish(ann, { audience: 'FRIENDS' })
    await blog.settled()
    blog.communication.relate(viewer, ann, 'NONE')
    const page = await blog.page(viewer, 5)
    expect(page.edges.map(({ node }) => node.id)).toEqual([kept])
    expect(page.pageInfo.hasNextPage).toBe(false)
    expect(await blog.unseenCount(viewer)).toBe(1)
  })

  it('leaves out muted users and hidden posts, also from the unseen count', async () => {
    const [ann, bob] = [newId(), newId()]
    const viewer = await viewerWith(ann, bob)
    const [hidden, kept] = [await blog.publish(ann), await blog.publish(ann)]
    const muted = await blog.publish(bob)
    await blog.settled()
    expect(await blog.unseenCount(viewer)).toBe(3)
    blog.communication.mute(viewer, bob, true)
    await blog.ask(viewer, `mutation { hidePost(input: { postId: "${hidden}" }) { __typename } }`)
    expect([await idsOf(viewer), await blog.unseenCount(viewer)]).toEqual([[kept], 1])
    blog.communication.mute(viewer, bob, false)
    expect(await idsOf(viewer)).toEqual([muted, kept])
  })

  it('holds at most the newest 2,000 posts of friends', async () => {
    const [ann, bob] = [newId(), newId()]
    const viewer = await viewerWith(ann)
    await blog.publish(ann)
    await blog.settled()
    await blog.sql.query(
      `WITH added AS (
         INSERT INTO post (id, moblog_id, state, audience, text, media_ids, published_at, created_at)
         SELECT gen_random_uuid(), $1, 'PUBLISHED', 'PUBLIC', 'x', '{}', at, at
         FROM generate_series(1, 2100) AS n CROSS JOIN LATERAL (SELECT timestamptz '2026-01-01' + n * interval '1 s') AS t (at)
         RETURNING id, published_at
       ) INSERT INTO home_feed_item (viewer_id, post_id, author_id, published_at)
       SELECT $2, id, $1, published_at FROM added`,
      [ann, viewer],
    )
    const newest = await blog.publish(bob)
    await blog.befriend(viewer, bob)
    await blog.settled()
    expect(await itemsOf(viewer)).toBe(2000)
    expect((await idsOf(viewer, 1))[0]).toBe(newest)
  })

  it('is built again if building it was interrupted', async () => {
    const ann = newId()
    const viewer = newId()
    blog.communication.befriend(viewer, ann)
    const post = await blog.publish(ann)
    await blog.settled()
    await blog.sql.query('INSERT INTO home_feed (viewer_id, read_at) VALUES ($1, now())', [viewer])
    expect(await idsOf(viewer)).toEqual([post])
  })

  it('is built once, and then costs no call for friends', async () => {
    const ann = newId()
    const viewer = newId()
    blog.communication.befriend(viewer, ann)
    const post = await blog.publish(ann)
    const pages = await Promise.all([blog.page(viewer), blog.page(viewer), blog.page(viewer)])
    for (const { edges } of pages) expect(edges.map(({ node }) => node.id)).toEqual([post])
    expect(await itemsOf(viewer)).toBe(1)
  })
})

describe('reportFriendship', () => {
  const REPORT = 'mutation ($input: ReportFriendshipInput!) { reportFriendship(input: $input) }'

  it('may be repeated, and arrive late', async () => {
    const ann = newId()
    const viewer = await viewerWith()
    const post = await blog.publish(ann)
    for (let times = 0; times < 3; times++) await blog.befriend(viewer, ann)
    await blog.settled()
    expect(await idsOf(viewer)).toEqual([post])
    await blog.separate(viewer, ann, 'unfriend')
    await blog.befriend(viewer, ann)
    await blog.report(ann, viewer)
    await blog.settled()
    expect(await idsOf(viewer)).toEqual([post])
  })

  it('is refused to every service except communication, and refuses what is not an id', async () => {
    const input = { userId: newId(), otherId: newId() }
    expect((await blog.internal(REPORT, { input }, 'storage')).errors?.[0]?.extensions.code).toBe('FORBIDDEN')
    const bad = await blog.internal(REPORT, { input: { ...input, otherId: 'x' } })
    expect(bad.errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT')
  })
})

describe('markFeedSeen', () => {
  it('marks a post and everything below it, and leaves newer posts unseen', async () => {
    const [ann, bob] = [newId(), newId()]
    const viewer = await viewerWith(ann, bob)
    const posts = [await blog.publish(ann), await blog.publish(bob), await blog.publish(ann)]
    await blog.publish(viewer)
    await blog.settled()
    expect(await blog.unseenCount(viewer)).toBe(3)
    expect(await blog.markSeen(viewer, posts[1] ?? '')).toBe('MarkFeedSeenPayload')
    expect(await blog.unseenCount(viewer)).toBe(1)
    const { edges } = await blog.page(viewer)
    expect(edges.map(({ node }) => node.seenByViewer)).toEqual([true, false, true, true])
    await blog.markSeen(viewer, posts[0] ?? '')
    expect(await blog.unseenCount(viewer)).toBe(1)
  })

  it('leaves a post unseen that arrives in the feed after newer posts of others', async () => {
    const [ann, bob] = [newId(), newId()]
    const viewer = await viewerWith(ann, bob)
    const late = await blog.publish(ann)
    const shown = await blog.publish(bob)
    await blog.settled()
    const { rows } = await blog.sql.query('DELETE FROM home_feed_item WHERE post_id = $1 RETURNING *', [late])
    await blog.markSeen(viewer, shown)
    const { viewer_id, post_id, author_id, published_at } = rows[0]
    await blog.sql.query(
      'INSERT INTO home_feed_item (viewer_id, post_id, author_id, published_at) VALUES ($1, $2, $3, $4)',
      [viewer_id, post_id, author_id, published_at],
    )
    expect(await blog.unseenCount(viewer)).toBe(1)
  })

  it('leaves posts unseen that the feed does not list: of muted users, and for lists without the viewer', async () => {
    const [ann, bob, eve] = [newId(), newId(), newId()]
    const viewer = await viewerWith(ann, bob, eve)
    const list = blog.communication.list(eve, [])
    const old = await blog.publish(ann)
    const open = await blog.publish(eve)
    await blog.settled()
    blog.communication.mute(viewer, ann, true)
    const missed = await blog.publish(ann)
    const forOthers = await blog.publish(eve, { audience: 'ONLY_LIST', audienceListId: list })
    const shown = await blog.publish(bob)
    await blog.settled()
    await blog.markSeen(viewer, shown)
    blog.communication.mute(viewer, ann, false)
    await edit(eve, forOthers, 'PUBLIC')
    await blog.settled()
    const { edges } = await blog.page(viewer)
    expect(edges.map(({ node }) => [node.id, node.seenByViewer])).toEqual([
      [shown, true],
      [forOthers, false],
      [missed, false],
      [open, true],
      [old, false],
    ])
    expect(await blog.unseenCount(viewer)).toBe(3)
  })

  it('leaves a hidden post unseen that is newer than what the feed lists of its author', async () => {
    const [ann, bob] = [newId(), newId()]
    const viewer = await viewerWith(ann, bob)
    const [listed, hidden, shown] = [
      await blog.publish(ann),
      await blog.publish(ann),
      await blog.publish(bob),
    ]
    await blog.settled()
    const change = (name: string) =>
      blog.ask(viewer, `mutation { ${name}(input: { postId: "${hidden}" }) { __typename } }`)
    await change('hidePost')
    await blog.markSeen(viewer, shown)
    await change('unhidePost')
    const { edges } = await blog.page(viewer)
    expect(edges.map(({ node }) => [node.id, node.seenByViewer])).toEqual([
      [shown, true],
      [hidden, false],
      [listed, true],
    ])
  })

  it('counts no further than 100', async () => {
    const ann = newId()
    const viewer = await viewerWith(ann)
    for (let index = 0; index < 103; index++) await blog.publish(ann)
    await blog.settled()
    expect(await blog.unseenCount(viewer)).toBe(100)
  })

  it('refuses a post that the viewer may not see, a text that is no id, and a viewer who is signed out', async () => {
    const ann = newId()
    const secret = await blog.publish(ann, { audience: 'FRIENDS' })
    expect(await blog.markSeen(newId(), secret)).toBe('RequestFailed')
    expect(await blog.markSeen(newId(), newId())).toBe('RequestFailed')
    expect(await blog.markSeen(newId(), 'x')).toBe('InvalidInput')
    expect(await blog.markSeen(null, secret)).toBe('RequestFailed')
  })
})
