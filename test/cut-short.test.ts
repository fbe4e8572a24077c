import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { expectMember } from '../scripts/client/client.ts'
import { accessTo, publish, visiblePosts } from '../scripts/client/moblogs.ts'
import { befriend, type Person, signUpAll } from '../scripts/client/people.ts'
import { uploadByTus } from '../scripts/client/uploads.ts'
import { eventually } from '../testing/eventually.ts'
import { fetchBytes } from '../testing/product/bytes.ts'
import { mediaFile } from '../testing/product/media-files.ts'
import { type Product, startProduct } from '../testing/product/product.ts'

// Longer than the time after which an unfinished change counts as interrupted and is completed.
const SETTLED_WITHIN_MS = 40_000

/**
 * Blog is killed while it waits for communication, which is frozen. Each service then knows one half of the change.
 * Each change is interrupted at the point where most can go wrong.
 */
describe('after blog was killed between storing a change and reporting it to communication', () => {
  let product: Product
  let database: pg.Client
  let mei: Person
  let jun: Person
  let stranger: Person
  const media = { given: '', repeated: '', narrowed: '', deleted: '' }
  const posts = { narrowed: '', deleted: '' }
  let address = ''
  const repeated = () => ({
    text: 'repeated',
    mediaIds: [media.repeated],
    clientMutationId: 'the-same',
  })

  beforeAll(async () => {
    product = await startProduct('in four processes')
    database = new pg.Client({ connectionString: product.databaseUrl ?? '' })
    await database.connect()
    ;[mei, jun, stranger] = await signUpAll(product.url, ['Mei', 'Jun', 'Ada'])
    await befriend(mei, jun)
    const photo = await mediaFile('photo.jpg')
    for (const name of ['given', 'repeated', 'narrowed', 'deleted'] as const)
      media[name] = (await uploadByTus(mei, photo)).id
    const [narrowed, deleted] = [
      await publish(mei, { text: 'narrowed', mediaIds: [media.narrowed], audience: 'PUBLIC' }),
      await publish(mei, { text: 'deleted', mediaIds: [media.deleted] }),
    ]
    Object.assign(posts, { narrowed: narrowed.id, deleted: deleted.id })
    address = (await accessTo(jun.client, media.deleted))?.url ?? ''
    expect((await fetchBytes(address)).status).toBe(200)

    product.program('communication').signal('SIGSTOP')
    const interrupted = [
      mei.client.send('publish-post', { input: { text: 'given up', mediaIds: [media.given] } }),
      mei.client.send('publish-post', { input: repeated() }),
      mei.client.send('edit-post', { input: { postId: posts.narrowed, audience: 'ONLY_ME' } }),
      mei.client.send('delete-post', { input: { postId: posts.deleted } }),
    ].map((answer) => answer.catch(() => null))
    await eventually(unsettled, (count) => count === interrupted.length, 4_000)
    await product.program('blog').end('SIGKILL')
    product.program('communication').signal('SIGCONT')
    await Promise.all(interrupted)
    await product.start()
  }, 180_000)
  afterAll(async () => {
    await database?.end()
    await product?.close()
  })

  /**
   * Returns how many posts are not settled with communication yet. Only the table shows that a change is incomplete.
   */
  async function unsettled(): Promise<number> {
    const { rows } = await database.query<{ count: number }>(
      'SELECT count(*)::int AS count FROM blog.post WHERE settle_after IS NOT NULL',
    )
    return rows[0]?.count ?? 0
  }

  const texts = async (viewer: Person) => (await visiblePosts(viewer.client, mei)).map(({ text }) => text)

  it('an interrupted publishPost can be repeated and creates one post', async () => {
    for (let time = 0; time < 2; time++) {
      const { publishPost } = await mei.client.ask('publish-post', { input: repeated() })
      expectMember(publishPost, 'PublishPostPayload')
    }
    expect((await texts(jun)).filter((text) => text === 'repeated')).toHaveLength(1)
    expect(await accessTo(jun.client, media.repeated)).not.toBeNull()
  })

  it('an interrupted deletePost is completed, and the media tokens of others are revoked', async () => {
    expect(await texts(mei)).not.toContain('deleted')
    await eventually(
      () => fetchBytes(address),
      ({ status }) => status === 403,
    )
    expect(await accessTo(jun.client, media.deleted)).toBeNull()
  })

  it('an unconfirmed post does not appear later, and its media file stays closed', async () => {
    await eventually(unsettled, (count) => count === 0, SETTLED_WITHIN_MS)
    expect(await texts(mei)).toEqual(['repeated', 'narrowed'])
    expect(await accessTo(jun.client, media.given)).toBeNull()
    expect(await accessTo(stranger.client, media.repeated)).toBeNull()
  }, 180_000)

  it('an interrupted narrowing leaves the post unchanged in both services, and can be repeated', async () => {
    expect(await texts(stranger)).toContain('narrowed')
    expect(await accessTo(stranger.client, media.narrowed)).not.toBeNull()
    const input = { postId: posts.narrowed, audience: 'ONLY_ME' as const }
    expectMember((await mei.client.ask('edit-post', { input })).editPost, 'EditPostPayload')
    expect(await texts(jun)).not.toContain('narrowed')
    await sleep(500)
    expect(await accessTo(jun.client, media.narrowed)).toBeNull()
  })
})
