import { jest } from '@jest/globals'
import fc from 'fast-check'
import type { Audience } from '../../../generated/graphql/blog.ts'
import { type HttpServer, startHttpServer } from '../../../platform/http/server.ts'
import { newId } from '../../../platform/ids.ts'
import { type BlogUnderTest, startBlogUnderTest } from '../../../testing/blog/blog.ts'
import { eventually } from '../../../testing/eventually.ts'
import { MODEL_TEST_MS, modelRuns } from '../../../testing/model-runs.ts'
import {
  emptyModel,
  foundMoblogs,
  type ModelComment,
  type ModelPost,
  type SeenComment,
  type SeenPost,
  seenPosts,
  seesPost,
  seesUser,
  taggedPosts,
  type VisibilityModel,
} from './visibility-model.ts'

jest.setTimeout(MODEL_TEST_MS)

const PEOPLE = 4
const WORDS = ['lake', '湖边', 'rain']

type Result = { __typename: string; post?: { id: string }; comment?: { id: string } }
type Connection = { edges: { node: { id: string } }[] }
type Shown = { postCount: number; posts: { edges: { node: SeenNode }[] } }
type CommentNode = Omit<SeenComment, 'replyTo' | 'replies'> & {
  replyTo: { id: string } | null
  replies: Connection
}
type SeenNode = Omit<SeenPost, 'comments' | 'likers' | 'mentioned'> & {
  likes: Connection
  entities: { user?: { id: string } }[]
  comments: { edges: { node: CommentNode }[] }
}
type World = {
  model: VisibilityModel
  users: string[]
  handles: string[]
  lists: string[]
  words: string[]
}

const person = fc.nat(PEOPLE - 1)
const which = fc.nat(30)
const audience = fc.constantFrom<Audience>('PUBLIC', 'FRIENDS', 'ONLY_ME', 'ONLY_LIST', 'EXCEPT_LIST')
const word = fc.nat(WORDS.length - 1)
const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constant('publish' as const), by: person, word, names: person, audience }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('edit' as const), post: which, word, audience }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('delete' as const), post: which }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('expire' as const), post: which }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('list' as const),
      by: person,
      other: person,
      isIn: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('unlist' as const), by: person }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('name' as const), by: person, word }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('like' as const), by: person, post: which }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('unlike' as const), by: person, post: which }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('comment' as const), by: person, post: which }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('uncomment' as const), by: person, post: which }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('reply' as const), by: person, post: which, comment: which }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('likeComment' as const),
      by: person,
      post: which,
      comment: which,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('unlikeComment' as const),
      by: person,
      post: which,
      comment: which,
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('hide' as const), by: person, post: which }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('unhide' as const), by: person, post: which }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('mute' as const), by: person, other: person }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('unmute' as const), by: person, other: person }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('befriend' as const), by: person, other: person }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('unfriend' as const), by: person, other: person }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('block' as const), by: person, other: person }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('unblock' as const), by: person, other: person }) },
)
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never

const HOME_LISTS = `{
  hotMoblogs(first: 100) { edges { node { id } } }
  newestMoblogs(first: 100) { edges { node { id } } }
}`

let blog: BlogUnderTest
let server: HttpServer

beforeAll(async () => {
  blog = await startBlogUnderTest()
  const { routes, ready } = blog.service
  server = await startHttpServer({ host: '127.0.0.1', port: 0, routes, ready, log: blog.host.log })
})
afterAll(async () => {
  await server.stop()
  await blog.stop()
})

async function mutate(userId: string, mutation: string, input: object): Promise<Result> {
  const type = `${mutation[0]?.toUpperCase()}${mutation.slice(1)}`
  const made = { publishPost: 'post { id }', commentOnPost: 'comment { id }' }[mutation]
  const query = `mutation ($input: ${INPUTS[mutation] ?? `${type}Input`}!) {
    result: ${mutation}(input: $input) { __typename ${made ? `... on ${type}Payload { ${made} }` : ''} }
  }`
  return (await blog.ask<{ result: Result }>(userId, query, { input })).result
}
const INPUTS: Record<string, string> = {
  deletePost: 'PostIdInput',
  likePost: 'PostIdInput',
  unlikePost: 'PostIdInput',
  deleteComment: 'CommentIdInput',
  likeComment: 'CommentIdInput',
  unlikeComment: 'CommentIdInput',
  hidePost: 'PostIdInput',
  unhidePost: 'PostIdInput',
}

/** Sets the relationship between two users in both directions, as `communication` would report it. */
function relate({ friends, blocks }: VisibilityModel, one: string, other: string): void {
  for (const [a, b] of [
    [one, other],
    [other, one],
  ] as const) {
    const blocked = blocks.has(`${a} ${b}`) ? 'BLOCKED' : null
    const hidden = blocks.has(`${b} ${a}`) ? 'INVISIBLE' : null
    blog.communication.relate(a, b, hidden ?? blocked ?? (friends.has(`${a} ${b}`) ? 'FRIEND' : 'NONE'))
  }
}

function changeRelationships(model: VisibilityModel, what: string, by: string, other: string): void {
  const { friends, blocks, mutes } = model
  if (what === 'mute' || what === 'unmute') {
    if (what === 'mute') mutes.add(`${by} ${other}`)
    else mutes.delete(`${by} ${other}`)
    blog.communication.mute(by, other, what === 'mute')
    return
  }
  const areApart = blocks.has(`${by} ${other}`) || blocks.has(`${other} ${by}`)
  if (what === 'unblock') blocks.delete(`${by} ${other}`)
  if (what === 'befriend' && !areApart) friends.add(`${by} ${other}`).add(`${other} ${by}`)
  if (what === 'block') blocks.add(`${by} ${other}`)
  if (what === 'block' || what === 'unfriend') {
    friends.delete(`${by} ${other}`)
    friends.delete(`${other} ${by}`)
  }
  relate(model, by, other)
}

/** Changes or deletes the audience list of a user. */
function changeList({ model, users, lists }: World, now: Extract<Step, { do: 'list' | 'unlist' }>): void {
  const list = lists[now.by] ?? ''
  const members = model.lists.get(list)
  if (!members) return
  if (now.do === 'unlist') {
    model.lists.delete(list)
    blog.communication.unlist(list)
    return
  }
  const member = users[now.other] ?? ''
  if (now.isIn) members.add(member)
  else members.delete(member)
  blog.communication.list(users[now.by] ?? '', [...members], list)
}

/** Applies a step to the blog and to the model. If the model forbids the step, the blog must refuse it. */
async function take(world: World, now: Step): Promise<void> {
  const { model, users, handles, lists, words } = world
  const user = (index: number) => users[index] ?? ''
  if (now.do === 'list' || now.do === 'unlist') {
    changeList(world, now)
    return
  }
  if ('other' in now) {
    if (now.by !== now.other) changeRelationships(model, now.do, user(now.by), user(now.other))
    return
  }
  if (now.do === 'name') {
    const title = words[now.word] ?? ''
    model.titles.set(user(now.by), title)
    await mutate(user(now.by), 'updateMoblog', { title })
    return
  }
  if (now.do === 'publish') {
    const text = `#${words[now.word]} @${handles[now.names]} post${model.posts.length}`
    const list = now.audience.endsWith('_LIST') ? (lists[now.by] ?? '') : null
    const { audience } = now
    const { post } = await mutate(user(now.by), 'publishPost', { text, audience, audienceListId: list })
    if (!post && list !== null && !model.lists.has(list)) return
    const mentions = seesUser(model, user(now.by), user(now.names)) ? user(now.names) : null
    const made = { id: post?.id ?? '', author: user(now.by), audience, list, text, mentions }
    model.posts.push({ ...made, likes: new Set(), comments: [] })
    return
  }
  const post = model.posts[now.post % model.posts.length]
  if (post) await touch(world, now, post)
}

async function touch(
  { model, users, handles, lists, words }: World,
  now: Extract<Step, { post: number }>,
  post: ModelPost,
): Promise<void> {
  const postId = post.id
  if (now.do === 'edit') {
    const { audience } = now
    const list = audience.endsWith('_LIST') ? (lists[users.indexOf(post.author)] ?? '') : null
    const [, mention = '', name] = post.text.split(' ')
    const text = `#${words[now.word]} ${mention} ${name}`
    const { __typename } = await mutate(post.author, 'editPost', {
      postId,
      text,
      audience,
      audienceListId: list,
    })
    const isRefused = list !== null && list !== post.list && !model.lists.has(list)
    expect(__typename).toBe(isRefused ? 'RequestFailed' : 'EditPostPayload')
    if (isRefused) return
    // A mention keeps its user. If it had none, the edit looks for the user once more, unless it changes nothing.
    const isSame = text === post.text && audience === post.audience && list === post.list
    const named = users[handles.indexOf(mention.slice(1))] ?? ''
    const mentions = post.mentions ?? (!isSame && seesUser(model, post.author, named) ? named : null)
    Object.assign(post, { text, audience, list, mentions })
    return
  }
  if (now.do === 'delete') {
    model.posts.splice(model.posts.indexOf(post), 1)
    await mutate(post.author, 'deletePost', { postId })
    return
  }
  if (now.do === 'expire') {
    model.posts.splice(model.posts.indexOf(post), 1)
    await blog.sql.query('UPDATE post SET expires_at = now() WHERE id = $1', [postId])
    return
  }
  const by = users[now.by] ?? ''
  const may = seesPost(model, by, post)
  if ('comment' in now) {
    const comment = post.comments[now.comment % post.comments.length]
    if (comment) await touchComment(model, { ...now, by }, post, comment)
    return
  }
  if (now.do === 'hide' || now.do === 'unhide') {
    const pair = `${by} ${postId}`
    const isAllowed = may && post.author !== by
    const { __typename } = await mutate(by, `${now.do}Post`, { postId })
    // Users who may no longer see a post unhide it, and do not learn that it exists.
    expect(__typename === 'RequestFailed').toBe(now.do === 'hide' ? !isAllowed : !may)
    if (now.do === 'unhide') model.hidden.delete(pair)
    else if (isAllowed) model.hidden.add(pair)
    return
  }
  if (now.do === 'uncomment') {
    const comment = post.comments.find(
      ({ author }) => author === by || (post.author === by && seesUser(model, by, author)),
    )
    if (!comment) return
    post.comments.splice(post.comments.indexOf(comment), 1)
    const { __typename } = await mutate(by, 'deleteComment', { commentId: comment.id })
    expect(__typename === 'RequestFailed').toBe(!may)
    return
  }
  const mutation = { like: 'likePost', unlike: 'unlikePost', comment: 'commentOnPost' }[now.do]
  const result = await mutate(by, mutation, { postId, ...(now.do === 'comment' && { text: 'Hm' }) })
  expect(result.__typename === 'RequestFailed').toBe(!may)
  // Users who may no longer see a post withdraw their like, and do not learn that it exists.
  if (now.do === 'unlike') post.likes.delete(by)
  if (!may) return
  if (now.do === 'like') post.likes.add(by)
  if (now.do === 'comment') addTo(post, by, result, null)
}

function addTo(post: ModelPost, author: string, { comment }: Result, replyTo: string | null): void {
  post.comments.push({ id: comment?.id ?? '', author, likes: new Set(), replyTo })
}

async function touchComment(
  model: VisibilityModel,
  { do: what, by }: { do: 'reply' | 'likeComment' | 'unlikeComment'; by: string },
  post: ModelPost,
  comment: ModelComment,
): Promise<void> {
  const isSeen = seesPost(model, by, post) && seesUser(model, by, comment.author)
  const result =
    what === 'reply'
      ? await mutate(by, 'commentOnPost', { postId: post.id, text: 'Hm', replyToId: comment.id })
      : await mutate(by, what, { commentId: comment.id })
  expect(result.__typename === 'RequestFailed').toBe(!isSeen)
  if (what === 'unlikeComment') comment.likes.delete(by)
  if (!isSeen) return
  if (what === 'likeComment') comment.likes.add(by)
  if (what !== 'reply') return
  const above = post.comments.find(({ id }) => id === comment.replyTo)
  addTo(post, by, result, above?.id ?? comment.id)
}

// Few enough posts that the reads of several viewers are joined, and more than anyone publishes here.
const MOBLOG = `postCount posts(first: 24) { edges { node {
  id audience likeCount likedByViewer likes(first: 100) { edges { node { id } } }
  entities { ... on MentionEntity { user { id } } }
  commentCount comments(first: 100) { edges { node {
    id likeCount likedByViewer replyTo { id } replies(first: 100) { edges { node { id } } }
  } } }
} } }`
const idsOf = ({ edges }: Connection) => edges.map(({ node }) => node.id)

/** Compares everything that a viewer can reach with what the model allows. */
async function look({ model, users, words }: World, viewer: string | null): Promise<void> {
  const seen = users.map((user) => ({ user, posts: seenPosts(model, viewer, user) }))
  const moblogs = await blog.ask<Record<string, Shown | null>>(
    viewer,
    `{ ${users.map((user, index) => `m${index}: moblog(id: "${user}") { ${MOBLOG} }`).join('\n')} }`,
  )
  for (const [index, { user, posts }] of seen.entries()) {
    const moblog = moblogs[`m${index}`]
    const shown = moblog && {
      postCount: moblog.postCount,
      posts: moblog.posts.edges.map(({ node: { likes, comments, entities, ...post } }) => ({
        ...post,
        likers: idsOf(likes).sort(),
        mentioned: entities.flatMap(({ user }) => user?.id ?? []),
        comments: comments.edges.map(({ node }) => ({
          ...node,
          replyTo: node.replyTo?.id ?? null,
          replies: idsOf(node.replies),
        })),
      })),
    }
    expect(shown).toEqual(seesUser(model, viewer, user) ? { postCount: posts.length, posts } : null)
  }
  const lists = await blog.ask<Record<string, Connection>>(
    viewer,
    `{ ${words.map((text, index) => `w${index}: searchMoblogs(query: "${text}") { edges { node { id } } }`).join('\n')}
      ${words.map((text, index) => `t${index}: hashtagPosts(tag: "${text}", first: 100) { edges { node { id } } }`).join('\n')}
      friendMoblogs { edges { node { id } } } }`,
  )
  const among = (list: string) => idsOf(lists[list] ?? { edges: [] }).filter((id) => users.includes(id))
  for (const [index, text] of words.entries()) {
    expect(among(`w${index}`).toSorted()).toEqual(foundMoblogs(model, viewer, users, text).toSorted())
    expect(idsOf(lists[`t${index}`] ?? { edges: [] })).toEqual(taggedPosts(model, viewer, text))
  }
  const publicOf = (user: string) =>
    model.posts.filter((post) => post.author === user && post.audience === 'PUBLIC')
  const atHome = users.filter((user) => seesUser(model, viewer, user) && publicOf(user).length > 0)
  // A moblog leaves these lists when its last public post is deleted, which is a moment after that post has expired.
  await eventually(async () => {
    const home = await blog.ask<Record<string, Connection>>(viewer, HOME_LISTS)
    for (const list of Object.values(home)) {
      const listed = idsOf(list).filter((id) => users.includes(id))
      expect(listed.toSorted()).toEqual(atHome.toSorted())
    }
    return true
  }, 15_000)
  const friends = users.filter(
    (user) => model.friends.has(`${viewer} ${user}`) && !model.mutes.has(`${viewer} ${user}`),
  )
  expect(among('friendMoblogs').toSorted()).toEqual(friends.toSorted())

  for (const { user, posts } of seen) {
    const texts = posts.slice(0, 10).map(({ id }) => model.posts.find((post) => post.id === id)?.text ?? '')
    const page = await read(await tokenFor(viewer, user))
    expect(page === null).toBe(!seesUser(model, viewer, user))
    expect(namesIn(page)).toEqual(texts.map(nameIn))
  }
  if (viewer !== null) return
  for (const user of users) {
    const newest = publicOf(user).slice(-10).reverse()
    const texts = newest.flatMap(({ text }) => [text, text].map(nameIn))
    expect(namesIn(await read(`${user}/feed.xml`))).toEqual(texts)
  }
}

const namesIn = (page: string | null) => page?.match(/post\d+(?=<)/g) ?? []
const nameIn = (text: string) => text.split(' ')[2]

async function tokenFor(viewer: string | null, moblog: string): Promise<string> {
  const iat = Date.now() / 1000
  const claims = { aud: 'blog', moblog, iat, exp: iat + 300, ...(viewer && { sub: viewer }) }
  return (await blog.host.keyrings.communication?.sign(claims, 'page+jwt')) ?? ''
}

async function read(path: string): Promise<string | null> {
  const response = await fetch(`http://127.0.0.1:${server.port}/m/${path}`)
  const text = await response.text()
  return response.ok ? text : null
}

it('every viewer sees exactly the posts, comments, mentions, counts and lists that the access matrix allows, after any sequence of user actions', async () => {
  let worlds = 0
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 60, size: 'max' }), async (steps) => {
      // Words and their prefixes are unique per world, so searches do not match posts of other worlds.
      const words = WORDS.map((each) =>
        `${each}x${worlds}z`.replace(/^湖边x(\d+)z$/, (_all, n) => chinese(n)),
      )
      worlds++
      const users = Array.from({ length: PEOPLE }, newId)
      const handles = users.map((_user, index) => `user${index}_${worlds}`)
      for (const [index, user] of users.entries()) blog.communication.name(user, handles[index] ?? '')
      const lists = users.map((each) => blog.communication.list(each, []))
      const world = { model: emptyModel(), users, handles, lists, words }
      for (const list of lists) world.model.lists.set(list, new Set())
      for (const now of steps) await take(world, now)
      await eventually(
        async () => expect((await blog.sql.query('SELECT FROM rank_due')).rowCount).toBe(0),
        15_000,
      )
      // At the same time, because their reads are then joined.
      await Promise.all([...world.users, null].map((viewer) => look(world, viewer)))
      // A page of the home page holds at most 100 moblogs; make room for the next world.
      await blog.sql.query('TRUNCATE post, moblog, rank_due CASCADE')
    }),
    modelRuns(1250),
  )
})

/** A word of two Chinese characters that is unique to this number. */
function chinese(number: string): string {
  return `湖${String.fromCodePoint(0x4e00 + Number(number))}`
}
