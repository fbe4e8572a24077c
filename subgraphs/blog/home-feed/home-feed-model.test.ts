import { jest } from '@jest/globals'
import fc from 'fast-check'
import type { Audience } from '../../../generated/graphql/blog.ts'
import { newId } from '../../../platform/ids.ts'
import { type HomeFeedUnderTest, startHomeFeedUnderTest } from '../../../testing/blog/home-feed.ts'
import { MODEL_TEST_MS, modelRuns } from '../../../testing/model-runs.ts'
import {
  emptyModel,
  feedOf,
  type HomeFeedModel,
  hasSeen,
  type ModelPost,
  markFeedSeen,
  markSeen,
  maySee,
} from './home-feed-model.ts'

jest.setTimeout(MODEL_TEST_MS)

const PEOPLE = 4

/** Four users with an audience list each, in the same order. */
type World = { model: HomeFeedModel; users: string[]; lists: string[]; reports: [string, string][] }

const person = fc.nat(PEOPLE - 1)
const which = fc.nat(30)
const audience = fc.constantFrom<Audience>('PUBLIC', 'FRIENDS', 'ONLY_ME', 'ONLY_LIST', 'EXCEPT_LIST')
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('publish' as const), by: person, audience }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('edit' as const), post: which, audience }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('delete' as const), post: which }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('expire' as const), post: which }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('list' as const),
      owner: person,
      member: person,
      isIn: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('unlist' as const), owner: person }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('befriend' as const), by: person, other: person }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('unfriend' as const), by: person, other: person }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('block' as const), by: person, other: person }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('unblock' as const), by: person, other: person }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('mute' as const),
      muter: person,
      muted: person,
      isMuted: fc.boolean(),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('mark feed' as const), by: person, post: which }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('mark moblog' as const), by: person, post: which }) },
  // The feed that a user reads first is built then; others exist already.
  { weight: 2, arbitrary: fc.record({ do: fc.constant('read' as const), by: person }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('deliver' as const), times: fc.integer({ min: 1, max: 3 }) }),
  },
)
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never
type PostStep = Extract<Step, { post: number }>
type PairStep = Extract<Step, { other: number }>
type ListStep = Extract<Step, { owner: number }>

let blog: HomeFeedUnderTest

beforeAll(async () => {
  blog = await startHomeFeedUnderTest()
})
afterAll(() => blog.stop())

async function mutate(userId: string, mutation: string, input: object): Promise<string> {
  const type = mutation === 'deletePost' ? 'PostId' : `${mutation[0]?.toUpperCase()}${mutation.slice(1)}`
  const query = `mutation ($input: ${type}Input!) { result: ${mutation}(input: $input) { __typename } }`
  return (await blog.ask<{ result: { __typename: string } }>(userId, query, { input })).result.__typename
}

/** Changes a relationship as `communication` would. The report of it waits until it is delivered. */
function relate(
  { model: { friends, blocks }, reports }: World,
  now: PairStep,
  by: string,
  other: string,
): void {
  const areApart = blocks.has(`${by} ${other}`) || blocks.has(`${other} ${by}`)
  if (now.do === 'unblock') blocks.delete(`${by} ${other}`)
  if (now.do === 'befriend' && !areApart) friends.add(`${by} ${other}`).add(`${other} ${by}`)
  if (now.do === 'block') blocks.add(`${by} ${other}`)
  if (now.do === 'block' || now.do === 'unfriend') {
    friends.delete(`${by} ${other}`)
    friends.delete(`${other} ${by}`)
  }
  for (const [a, b] of [
    [by, other],
    [other, by],
  ] as const) {
    const blocked = blocks.has(`${a} ${b}`) ? 'BLOCKED' : null
    const hidden = blocks.has(`${b} ${a}`) ? 'INVISIBLE' : null
    blog.communication.relate(a, b, hidden ?? blocked ?? (friends.has(`${a} ${b}`) ? 'FRIEND' : 'NONE'))
  }
  reports.push([by, other])
}

/** Mutes or unmutes a user. The home feeds are not told. */
function mute({ model: { mutes } }: World, muter: string, muted: string, isMuted: boolean): void {
  if (muter === muted) return
  if (isMuted) mutes.add(`${muter} ${muted}`)
  else mutes.delete(`${muter} ${muted}`)
  blog.communication.mute(muter, muted, isMuted)
}

/** Changes or deletes the audience list of a user. The home feeds are not told. */
function changeList({ model, users, lists }: World, now: ListStep): void {
  const [owner = '', list = ''] = [users[now.owner], lists[now.owner]]
  const members = model.lists.get(list)
  if (!members) return
  if (now.do === 'unlist') {
    model.lists.delete(list)
    blog.communication.unlist(list)
    return
  }
  const member = users[now.member] ?? ''
  if (now.isIn) members.add(member)
  else members.delete(member)
  blog.communication.list(owner, [...members], list)
}

/** The list that a post of an author needs for an audience. */
function listFor({ users, lists }: World, author: string, audience: Audience): string | null {
  return audience.endsWith('_LIST') ? (lists[users.indexOf(author)] ?? '') : null
}

/** Delivers all waiting reports, the newest first, each several times, and waits until the feeds have followed. */
async function deliver({ reports }: World, times: number): Promise<void> {
  for (const [one, other] of reports.splice(0).reverse())
    for (let time = 0; time < times; time++) await blog.report(one, other)
  await blog.settled()
}

async function take(world: World, now: Step): Promise<void> {
  const { model, users } = world
  const user = (index: number) => users[index] ?? ''
  if (now.do === 'deliver') return deliver(world, now.times)
  if (now.do === 'read') {
    await blog.page(user(now.by))
    return
  }
  if (now.do === 'publish') {
    const [author, { audience }] = [user(now.by), now]
    const list = listFor(world, author, audience)
    if (list !== null && !model.lists.has(list)) return
    const id = await blog.publish(author, { audience, audienceListId: list })
    model.posts.push({ id, author, audience, list, deleted: false, expired: false })
    return
  }
  if ('owner' in now) {
    changeList(world, now)
    return
  }
  if ('muter' in now) {
    mute(world, user(now.muter), user(now.muted), now.isMuted)
    return
  }
  if ('other' in now) {
    if (now.by !== now.other) relate(world, now, user(now.by), user(now.other))
    return
  }
  const post = model.posts[now.post % model.posts.length]
  if (post) await touch(world, now, post)
}

async function touch(world: World, now: PostStep, post: ModelPost): Promise<void> {
  const { model, users } = world
  if (now.do === 'edit' || now.do === 'delete' || now.do === 'expire') {
    if (!post.deleted && !post.expired) await change(world, now, post)
    return
  }
  const by = users[now.by] ?? ''
  const isAllowed = maySee(model, by, post)
  const refusal = isAllowed ? null : 'RequestFailed'
  if (now.do === 'mark moblog') {
    const input = { moblogId: post.author, upToPostId: post.id }
    expect(await mutate(by, 'markMoblogSeen', input)).toBe(refusal ?? 'MarkMoblogSeenPayload')
    if (isAllowed && by !== post.author) markSeen(model, by, post)
    return
  }
  // What the mark covers depends on what has arrived in the feed, so everything has.
  await deliver(world, 1)
  await blog.page(by)
  expect(await mutate(by, 'markFeedSeen', { upToPostId: post.id })).toBe(refusal ?? 'MarkFeedSeenPayload')
  if (isAllowed) markFeedSeen(model, by, post)
}

/** Changes a post as its author, or lets it expire. The job that deletes expired posts has not come yet. */
async function change(
  world: World,
  now: Extract<PostStep, { do: 'edit' | 'delete' | 'expire' }>,
  post: ModelPost,
): Promise<void> {
  if (now.do === 'expire') {
    await blog.sql.query(`UPDATE post SET expires_at = now() - interval '1 s' WHERE id = $1`, [post.id])
    post.expired = true
    return
  }
  if (now.do === 'delete') {
    await mutate(post.author, 'deletePost', { postId: post.id })
    post.deleted = true
    return
  }
  const { audience } = now
  const list = listFor(world, post.author, audience)
  const input = { postId: post.id, audience, audienceListId: list }
  const isRefused = list !== null && list !== post.list && !world.model.lists.has(list)
  expect(await mutate(post.author, 'editPost', input)).toBe(isRefused ? 'RequestFailed' : 'EditPostPayload')
  if (!isRefused) Object.assign(post, { audience, list })
}

/** Compares a viewer's home feed, the unseen counts and what is seen with the model. */
async function compare({ model, users }: World, viewer: string): Promise<void> {
  const expected = feedOf(model, viewer)
  for (const first of [3, 100])
    expect(await blog.readAll(viewer, first)).toEqual(expected.map(({ id }) => id))
  const { edges } = await blog.page(viewer, 100)
  expect(edges.map(({ node }) => node.seenByViewer)).toEqual(
    expected.map((post) => hasSeen(model, viewer, post)),
  )
  const unseen = (posts: ModelPost[]) => posts.filter((post) => !hasSeen(model, viewer, post)).length
  expect(await blog.unseenCount(viewer)).toBe(unseen(expected))
  const moblogs = await blog.ask<Record<string, { unseenCount: number } | null>>(
    viewer,
    `{ ${users.map((user, index) => `m${index}: moblog(id: "${user}") { unseenCount }`).join('\n')} }`,
  )
  for (const [index, user] of users.entries()) {
    const visible = model.posts.filter((post) => post.author === user && maySee(model, viewer, post))
    const isHidden = model.blocks.has(`${viewer} ${user}`) || model.blocks.has(`${user} ${viewer}`)
    expect(moblogs[`m${index}`]).toEqual(isHidden ? null : { unseenCount: unseen(visible) })
  }
}

/** Expects that a feed shows nothing that its viewer may not see, whatever has arrived in it. */
async function expectNoLeak({ model }: World, viewer: string): Promise<void> {
  const allowed = new Set(feedOf(model, viewer).map(({ id }) => id))
  const leaked = (await blog.readAll(viewer, 3)).filter((id) => !allowed.has(id))
  expect(leaked).toEqual([])
  expect(await blog.unseenCount(viewer)).toBeLessThanOrEqual(allowed.size)
}

/** Expects that the feeds hold no items that no read would show. */
async function expectNoStaleItems({ model: { friends } }: World): Promise<void> {
  const { rows } = await blog.sql.query<{ viewer: string; author: string; isShared: boolean }>(
    `SELECT viewer_id AS viewer, author_id AS author,
       post.published_at IS NOT NULL AND post.audience <> 'ONLY_ME' AS "isShared"
     FROM home_feed_item JOIN post ON post.id = post_id`,
  )
  const stale = rows.filter(
    ({ viewer, author, isShared }) => !isShared || !friends.has(`${viewer} ${author}`),
  )
  expect(stale).toEqual([])
}

it('home feeds show exactly the posts that the model allows, after any sequence of user actions, and never others', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 60, size: 'max' }), async (steps) => {
      const users = Array.from({ length: PEOPLE }, newId)
      const lists = users.map((owner) => blog.communication.list(owner, []))
      const world: World = { model: emptyModel(), users, lists, reports: [] }
      for (const list of lists) world.model.lists.set(list, new Set())
      for (const [index, now] of steps.entries()) {
        await take(world, now)
        await expectNoLeak(world, world.users[index % PEOPLE] ?? '')
      }
      await deliver(world, 2)
      for (const viewer of world.users) await compare(world, viewer)
      await expectNoStaleItems(world)
      await blog.sql.query('TRUNCATE post, moblog, home_feed, seen_mark CASCADE')
    }),
    modelRuns(1600),
  )
})
