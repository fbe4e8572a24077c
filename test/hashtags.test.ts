import { expectMember } from '../scripts/client/client.ts'
import { publish } from '../scripts/client/moblogs.ts'
import { befriend, type Person, signUpAll } from '../scripts/client/people.ts'
import { eventually } from '../testing/eventually.ts'
import { type Product, startProduct } from '../testing/product/product.ts'

describe('hashtags and mentions, in four processes', () => {
  let product: Product
  let mei: Person
  let jun: Person
  let lin: Person
  beforeAll(async () => {
    product = await startProduct('in four processes', { env: { STORAGE_WORKERS: '0' } })
    ;[mei, jun, lin] = await signUpAll(product.url, ['Mei', 'Jun', 'Lin'])
    await befriend(mei, jun)
  })
  afterAll(() => product?.close())

  const tagged = async ({ client }: Person, tag: string) =>
    (await client.ask('hashtag-posts', { tag })).hashtagPosts.edges.map(({ node }) => node)
  const inboxOf = async ({ client }: Person) =>
    (await client.ask('notifications', { first: 100 })).viewer?.notifications?.edges.map(
      ({ node }) => node,
    ) ?? []
  const aboutPost = async (person: Person, postId: string) =>
    (await inboxOf(person)).flatMap((node) =>
      'post' in node && node.post?.id === postId ? [node.__typename] : [],
    )

  it('lead to the posts with the hashtag and to the users', async () => {
    const text = `With @${lin.handle} at #湖边, see https://a.example/walk 👋 #Lake`
    const { id } = await publish(mei, { text, audience: 'PUBLIC' })
    await publish(mei, { text: '#lake', audience: 'FRIENDS' })
    expect((await tagged(lin, '#LAKE')).map((post) => post.id)).toEqual([id])
    expect(await tagged(jun, 'lake')).toHaveLength(2)
    const [post] = await tagged(jun, '湖边')
    const entities = post?.entities ?? []
    expect(entities.map(({ start, length }) => text.slice(start, start + length))).toEqual([
      `@${lin.handle}`,
      '#湖边',
      'https://a.example/walk',
      '#Lake',
    ])
    expect(entities).toMatchObject([
      { __typename: 'MentionEntity', user: { id: lin.id, handle: lin.handle } },
      { __typename: 'HashtagEntity', tag: '湖边' },
      { __typename: 'LinkEntity', url: 'https://a.example/walk' },
      { __typename: 'HashtagEntity', tag: 'Lake' },
    ])
  })

  it('notify the mentioned users who may see the post, once, until the mention is taken back', async () => {
    const text = `For @${jun.handle} and @${lin.handle}`
    const { id: postId } = await publish(mei, { text, audience: 'FRIENDS' })
    await eventually(async () => expect(await aboutPost(jun, postId)).toEqual(['MentionedInPost']))
    expect(await aboutPost(lin, postId)).toEqual([])
    const edit = async (input: object) =>
      expectMember(
        (await mei.client.ask('edit-post', { input: { postId, ...input } })).editPost,
        'EditPostPayload',
      )
    await edit({ audience: 'PUBLIC' })
    await eventually(async () => expect(await aboutPost(lin, postId)).toEqual(['MentionedInPost']))
    expect(await aboutPost(jun, postId)).toEqual(['MentionedInPost'])
    await edit({ text: `For @${jun.handle}` })
    await eventually(async () => expect(await aboutPost(lin, postId)).toEqual([]))
    await mei.client.ask('delete-post', { input: { postId } })
    await eventually(async () => expect(await aboutPost(jun, postId)).toEqual([]))
  })

  it('are found later if communication is down while the post is published', async () => {
    await product.program('communication').end('SIGKILL')
    const input = { text: `Again @${jun.handle} #down`, audience: 'PUBLIC' as const }
    // The names in the answer are missing then, but the post is published.
    await mei.client.send('publish-post', { input }).catch(() => null)
    await product.start()
    const mention = await eventually(
      async () =>
        (await tagged(jun, 'down'))[0]?.entities.find((entity) => entity.__typename === 'MentionEntity'),
      (found) => found !== undefined,
      60_000,
    )
    expect(mention).toMatchObject({ user: { id: jun.id } })
    await eventually(
      () => inboxOf(jun),
      ([newest]) => newest?.__typename === 'MentionedInPost',
      30_000,
    )
  })
})
