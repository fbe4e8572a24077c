import { readFileSync, writeFileSync } from 'node:fs'
import { type Client, createClient } from '../scripts/client/client.ts'
import { accessTo, publish } from '../scripts/client/moblogs.ts'
import { befriend, type Person, signUpAll } from '../scripts/client/people.ts'
import { uploadByTus } from '../scripts/client/uploads.ts'
import { eventually } from '../testing/eventually.ts'
import { type Cell, type Matrix, matrixAsMarkdown } from '../testing/product/access-matrix.ts'
import { fetchBytes } from '../testing/product/bytes.ts'
import { expirePost } from '../testing/product/expire-post.ts'
import { mediaFile } from '../testing/product/media-files.ts'
import { type Product, startProduct } from '../testing/product/product.ts'

const file = new URL('../subgraphs/communication/ACCESS.md', import.meta.url)
const AUDIENCES = ['PUBLIC', 'FRIENDS', 'ONLY_LIST', 'EXCEPT_LIST', 'ONLY_ME'] as const
const LIST_AUDIENCES = ['ONLY_LIST', 'EXCEPT_LIST'] as const
const STATES = [
  'Published with this audience',
  'Narrowed to this audience from PUBLIC',
  'The post has expired',
  'The post is deleted',
  'The media file is deleted',
] as const
const LIST_IS_DELETED = 'The audience list is deleted'
const MENTIONS_ALL = 'The post mentions the viewer'
const STATES_WITHOUT_POST = [
  'A media file that no post shows',
  'A media file that no post shows, deleted',
] as const
const STATES_OF_DELETED_MEDIA = ['The media file is deleted', 'A media file that no post shows, deleted']

const VIEWERS = {
  'the owner': 'owner',
  'a friend': 'friend',
  'a friend in the audience list': 'listed',
  'a former friend': 'former',
  'a user who sent a friend request': 'requester',
  'a user who received a friend request': 'requested',
  'a stranger': 'stranger',
  'a signed-out user': null,
  'a user whom the owner has blocked': 'blocked',
  'a user who has blocked the owner': 'blocker',
} as const
type Name = Exclude<(typeof VIEWERS)[keyof typeof VIEWERS], null>
type Item = {
  state: string
  audience: string
  postId: string | null
  mediaId: string
  /** The hashtag of the post, which no other post has. */
  tag: string
  earlier: Map<string, string>
}

// The four-process mode differs in how services communicate and not in who decides, so the cheaper mode is enough.
describe('the access matrix', () => {
  let product: Product
  let people: Record<Name, Person>
  const items: Item[] = []
  const matrix: Matrix = {}

  beforeAll(async () => {
    product = await startProduct('in one process')
    const names = [
      'owner',
      'friend',
      'listed',
      'former',
      'requester',
      'requested',
      'stranger',
      'blocked',
      'blocker',
    ] as const
    const signedUp = await signUpAll(product.url, names)
    people = Object.fromEntries(names.map((name, index) => [name, signedUp[index]])) as Record<Name, Person>
    const { owner, friend, listed, former, requester, requested, blocked, blocker } = people
    for (const person of [friend, listed, former, blocked, blocker]) await befriend(owner, person)
    await requester.client.ask('request-friend', { input: { userId: owner.id } })
    await owner.client.ask('request-friend', { input: { userId: requested.id } })

    // Only friends have access because they are in a list.
    const members = signedUp.filter((person) => person !== owner && person !== friend).map(({ id }) => id)
    const listId = await createList('List', members)
    const deletedListId = await createList('Deleted list', members)
    for (const state of STATES)
      for (const audience of AUDIENCES) items.push(await publishedAs(state, audience, listId))
    for (const audience of LIST_AUDIENCES)
      items.push(await publishedAs(LIST_IS_DELETED, audience, deletedListId))
    for (const audience of AUDIENCES) items.push(await publishedAs(MENTIONS_ALL, audience, listId))
    for (const state of STATES_WITHOUT_POST)
      items.push({ ...(await stored()), state, audience: '', postId: null, tag: '' })
    for (const item of items) {
      for (const [who, client] of clients()) {
        const access = await accessTo(client, item.mediaId)
        if (access) item.earlier.set(who, access.url)
      }
    }

    // In the posts for everyone, for friends and for all but the list, or for the list.
    for (const person of [friend, listed, former]) {
      const notified = () => mentionsOf(person.client)
      await eventually(notified, ({ length }) => length === 3)
    }

    await owner.client.ask('unfriend', { input: { userId: former.id } })
    await owner.client.ask('block-user', { input: { userId: blocked.id } })
    await blocker.client.ask('block-user', { input: { userId: owner.id } })
    for (const item of items) await putInState(item, listId)
    await owner.client.ask('delete-audience-list', { input: { listId: deletedListId } })
    for (const item of items) {
      const { state, audience } = item
      for (const [who, client] of clients()) {
        const rows = matrix[state] ?? {}
        const row = rows[who] ?? {}
        row[audience === '' ? 'the media file' : audience] = await cellFor(client, item)
        matrix[state] = { ...rows, [who]: row }
      }
    }
  }, 360_000)
  afterAll(() => product?.close())

  const clients = (): [string, Client][] =>
    Object.entries(VIEWERS).map(([who, name]) => [
      who,
      name === null ? createClient(product.url) : people[name].client,
    ])

  async function stored() {
    const { id: mediaId } = await uploadByTus(people.owner, await mediaFile('photo.jpg'))
    await eventually(
      () => accessTo(people.owner.client, mediaId),
      (access) => access !== null,
    )
    return { mediaId, earlier: new Map<string, string>() }
  }

  async function createList(name: string, addIds: string[]): Promise<string> {
    const { client } = people.owner
    const { createAudienceList } = await client.ask('create-audience-list', { input: { name } })
    if (createAudienceList.__typename !== 'CreateAudienceListPayload') throw new Error('no list')
    const { id: listId } = createAudienceList.audienceList
    await client.ask('change-audience-list-members', { input: { listId, addIds } })
    return listId
  }

  async function publishedAs(
    state: (typeof STATES)[number] | typeof LIST_IS_DELETED | typeof MENTIONS_ALL,
    audience: (typeof AUDIENCES)[number],
    listId: string,
  ): Promise<Item> {
    const item = await stored()
    const first = state === 'Narrowed to this audience from PUBLIC' ? 'PUBLIC' : audience
    const tag = `matrix${items.length}`
    const all = Object.values(people).map(({ handle }) => `@${handle}`)
    const { id: postId } = await publish(people.owner, {
      text: [`#${tag}`, ...(state === MENTIONS_ALL ? all : [])].join(' '),
      audience: first,
      mediaIds: [item.mediaId],
      ...withList(first, listId),
      ...(state === 'The post has expired' && { lifetimeSeconds: 3_600 }),
    })
    return { ...item, state, audience, postId, tag }
  }

  const withList = (audience: string, audienceListId: string) =>
    LIST_AUDIENCES.some((each) => each === audience) ? { audienceListId } : {}

  async function putInState({ state, audience, postId, mediaId }: Item, listId: string): Promise<void> {
    const { client } = people.owner
    const shown = AUDIENCES.find((each) => each === audience)
    if (state === 'Narrowed to this audience from PUBLIC' && postId && shown)
      await client.ask('edit-post', { input: { postId, audience: shown, ...withList(shown, listId) } })
    if (state === 'The post has expired' && postId) {
      await expirePost(product.databaseUrl ?? '', postId)
      await eventually(
        () => accessTo(client, mediaId),
        (access) => access === null,
      )
    }
    if (state === 'The post is deleted' && postId) await client.ask('delete-post', { input: { postId } })
    if (STATES_OF_DELETED_MEDIA.includes(state)) {
      await client.ask('delete-media', { input: { mediaId } })
      await eventually(
        () => accessTo(client, mediaId),
        (access) => access === null,
      )
    }
  }

  /** Returns what the client sees and plays, by every way to the post. The ways must not contradict each other. */
  async function cellFor(client: Client, { state, postId, mediaId, tag }: Item): Promise<Cell> {
    // A token window may end between the two requests. The addresses are equal within one.
    const { post, alone } = await eventually(
      async () => ({
        post: postId === null ? null : (await client.ask('post', { id: postId })).post,
        alone: (await client.ask('media', { id: mediaId })).media,
      }),
      (read) => {
        const inPost = read.post?.media.find(({ id }) => id === mediaId)
        return inPost === undefined || inPost.access?.url === read.alone?.access?.url
      },
    )
    const listed = await client.ask('friend-moblog', { handle: people.owner.handle, first: 100 })
    const inMoblog = listed.userByHandle?.moblog?.posts.edges.find(({ node }) => node.id === postId)?.node
    expect(inMoblog !== undefined).toBe(post !== null)
    const { hashtagPosts } = await client.ask('hashtag-posts', { tag, first: 2 })
    expect(hashtagPosts.edges.map(({ node }) => node.id)).toEqual(post ? [postId] : [])
    const url = alone?.access?.url
    const plays = url !== undefined && (await fetchBytes(url)).status === 200
    expect(plays).toBe(url !== undefined)
    if (state !== MENTIONS_ALL) return { sees: post !== null, plays }
    const isNotified = (await mentionsOf(client)).some((id) => id === postId)
    return { sees: post !== null, plays, isNotified }
  }

  /** The posts in which the client's user is told of a mention. */
  async function mentionsOf(client: Client): Promise<(string | null)[]> {
    const { viewer } = await client.ask('notifications', { first: 100 })
    return (viewer?.notifications?.edges ?? []).flatMap(({ node }) =>
      node.__typename === 'MentionedInPost' ? [node.post?.id ?? null] : [],
    )
  }

  it('equals the tables in ACCESS.md', () => {
    const tables = matrixAsMarkdown(matrix)
    const text = readFileSync(file, 'utf8')
    const written = text.slice(0, text.indexOf('\n## ') + 1)
    if (process.env.MOBLOG_WRITE_ACCESS) writeFileSync(file, `${written}${tables}\n`)
    expect(`${written}${tables}\n`).toBe(readFileSync(file, 'utf8'))
  })

  it('is enforced within a second for tokens that were issued before', async () => {
    for (const { state, audience, mediaId, earlier } of items) {
      for (const [who, url] of earlier) {
        const mayPlay = matrix[state]?.[who]?.[audience === '' ? 'the media file' : audience]?.plays ?? false
        if (mayPlay) continue
        const { status } = await eventually(
          () => fetchBytes(url),
          (answer) => answer.status >= 400,
          1_000,
        )
        expect({ state, who, mediaId, isRefused: status >= 400 }).toMatchObject({ isRefused: true })
      }
    }
  })

  it('was tested with more than 60 earlier tokens', () => {
    expect(items.flatMap(({ earlier }) => [...earlier]).length).toBeGreaterThan(60)
  })
})
