import { setTimeout as sleep } from 'node:timers/promises'
import { expectMember } from '../scripts/client/client.ts'
import { publish } from '../scripts/client/moblogs.ts'
import { befriend, type Person, signUpAll } from '../scripts/client/people.ts'
import { uploadByTus } from '../scripts/client/uploads.ts'
import { eventually } from '../testing/eventually.ts'
import { fetchBytes } from '../testing/product/bytes.ts'
import { mediaFile } from '../testing/product/media-files.ts'
import { MODES, type Product, startProduct } from '../testing/product/product.ts'

const POSTS = process.env.MOBLOG_TEST_BIG ? 120 : 40
const KILLS = process.env.MOBLOG_TEST_BIG ? 12 : 4

const feedOf = async (person: Person, first = 100) =>
  (await person.client.ask('home-feed', { first })).feed.edges.map(({ node }) => node)
const idsOf = async (person: Person) => (await feedOf(person)).map(({ id }) => id)
const unseenOf = async (person: Person) => (await person.client.ask('feed-unseen-count', {})).feedUnseenCount

describe.each(MODES)('the home feed, %s', (mode) => {
  let product: Product
  let mei: Person
  let jun: Person
  let lin: Person
  beforeAll(async () => {
    product = await startProduct(mode)
    ;[mei, jun, lin] = await signUpAll(product.url, ['Mei', 'Jun', 'Lin'])
  })
  afterAll(() => product?.close())

  it('shows posts of friends with their media, and counts those that are new since the last visit', async () => {
    expect(await feedOf(jun)).toEqual([])
    const { id: earlier } = await publish(mei, { text: 'before we met' })
    await publish(lin, { text: 'not for Jun', audience: 'PUBLIC' })
    await befriend(mei, jun)
    await eventually(async () => expect(await idsOf(jun)).toEqual([earlier]))
    const { id: mediaId } = await uploadByTus(mei, await mediaFile('photo.jpg'))
    const { id: withPhoto } = await publish(mei, { mediaIds: [mediaId] })
    await eventually(async () => expect(await idsOf(jun)).toEqual([withPhoto, earlier]))
    const [post] = await feedOf(jun, 1)
    expect(post?.author).toMatchObject({ id: mei.id, handle: mei.handle })
    const access = await eventually(async () => (await feedOf(jun, 1))[0]?.media[0]?.access ?? null)
    expect((await fetchBytes(access.url)).status).toBe(200)

    expect(await unseenOf(jun)).toBe(2)
    const input = { upToPostId: withPhoto }
    const { markFeedSeen } = await jun.client.ask('mark-feed-seen', { input })
    expect(expectMember(markFeedSeen, 'MarkFeedSeenPayload').unseenCount).toBe(0)
    await publish(mei, { text: 'new' })
    await eventually(async () => expect(await unseenOf(jun)).toBe(1))
    const { friendMoblogs } = await jun.client.ask('friend-moblogs', {})
    expect(friendMoblogs.edges.map(({ node }) => [node.id, node.unseenCount])).toEqual([[mei.id, 1]])
    const { markMoblogSeen } = await jun.client.ask('mark-moblog-seen', {
      input: { moblogId: mei.id, upToPostId: (await idsOf(jun))[0] ?? '' },
    })
    expect(expectMember(markMoblogSeen, 'MarkMoblogSeenPayload').moblog.unseenCount).toBe(0)
    expect((await feedOf(jun)).every(({ seenByViewer }) => seenByViewer)).toBe(true)
  })

  it.each(['unfriend', 'block-user'] as const)(
    'loses the posts of a former friend at once after %s',
    async (step) => {
      const [one, other] = await signUpAll(product.url, ['Ada', 'Bob'])
      await befriend(one, other)
      const { id } = await publish(one, { audience: 'PUBLIC' })
      await eventually(async () => expect(await idsOf(other)).toEqual([id]))
      await one.client.ask(step, { input: { userId: other.id } })
      expect(await feedOf(other)).toEqual([])
      expect(await unseenOf(other)).toBe(0)
    },
  )
})

describe(`${POSTS} posts while all processes are killed ${KILLS} times`, () => {
  let product: Product
  afterAll(() => product?.close())

  it('are in the feeds of old and new friends, each once', async () => {
    product = await startProduct('in one process', { env: { STORAGE_WORKERS: '0' } })
    const [mei, jun, lin] = await signUpAll(product.url, ['Mei', 'Jun', 'Lin'])
    await befriend(mei, jun)
    expect(await feedOf(jun)).toEqual([])
    expect(await feedOf(lin)).toEqual([])

    let isDone = false
    const killing = (async () => {
      for (let kills = 0; kills < KILLS; kills++) {
        await sleep(200 + Math.random() * 800)
        await product.end('SIGKILL')
        await product.start()
      }
      isDone = true
    })()
    const posts: string[] = []
    for (let index = 0; index < POSTS || !isDone; index++) {
      posts.unshift((await repeated(() => publish(mei, { clientMutationId: `post-${index}` }))).id)
      if (index === POSTS >> 1) await repeated(() => befriend(lin, mei))
      await sleep(20)
    }
    await killing
    for (const friend of [jun, lin])
      await eventually(async () => expect(await idsOf(friend)).toEqual(posts.slice(0, 100)), 30_000)
  }, 300_000)
})

/** Repeats a request until it is answered. */
async function repeated<Answer>(request: () => Promise<Answer>): Promise<Answer> {
  for (;;) {
    try {
      return await request()
    } catch {
      await sleep(20)
    }
  }
}
