import { newId } from '../../../platform/ids.ts'
import { type BlogUnderTest, startBlogUnderTest } from '../../../testing/blog/blog.ts'
import { edit } from '../../../testing/blog/entities.ts'

type Page = {
  edges: { cursor: string; node: { id: string } }[]
  pageInfo: { hasNextPage: boolean; endCursor: string | null }
}

const PAGE = `query ($tag: String!, $first: Int, $after: String) {
  hashtagPosts(tag: $tag, first: $first, after: $after) {
    edges { cursor node { id } } pageInfo { hasNextPage endCursor }
  }
}`

let blog: BlogUnderTest
let tag: string
let round = 0
const [author, viewer] = [newId(), newId()]

beforeAll(async () => {
  blog = await startBlogUnderTest({ backgroundEveryMs: 60_000 })
})
afterAll(() => blog.stop())
beforeEach(() => {
  tag = `tag${++round}x`
})

const page = async (viewerId: string | null, asked = tag, first = 100, after: string | null = null) =>
  (await blog.ask<{ hashtagPosts: Page }>(viewerId, PAGE, { tag: asked, first, after })).hashtagPosts
const idsIn = ({ edges }: Page) => edges.map(({ node }) => node.id)
const found = async (viewerId: string | null, asked = tag) => idsIn(await page(viewerId, asked))
const change = (viewerId: string, mutation: string, postId: string) =>
  blog.ask(viewerId, `mutation ($id: ID!) { ${mutation}(input: { postId: $id }) { __typename } }`, {
    id: postId,
  })

describe('the page of a hashtag', () => {
  it('lists the posts with it, newest first, however it is written', async () => {
    const [one, two] = [
      await blog.publish(author, { text: `#${tag} and #${tag} again` }),
      await blog.publish(newId(), { text: `＃${tag.toUpperCase()}` }),
    ]
    await blog.publish(author, { text: `#${tag}longer ${tag} x#${tag} https://a.example/#${tag}` })
    for (const asked of [tag, `#${tag}`, ` ＃${tag.toUpperCase()} `]) {
      expect(await found(null, asked)).toEqual([two, one])
    }
    for (const none of ['', '#', 'two words', '123', `${tag}y`]) expect(await found(null, none)).toEqual([])
    await expect(page(null, 'a'.repeat(201))).rejects.toMatchObject({
      extensions: { code: 'BAD_USER_INPUT' },
    })
  })

  it('has the posts that the viewer may see: of friends, and of everyone if they are public', async () => {
    const [friend, stranger] = [newId(), newId()]
    const list = blog.communication.list(friend, [viewer])
    const others = blog.communication.list(friend, [author])
    blog.communication.befriend(viewer, friend)
    const shown = [
      { by: friend, audience: 'PUBLIC' },
      { by: friend, audience: 'FRIENDS' },
      { by: friend, audience: 'ONLY_LIST', audienceListId: list },
      { by: friend, audience: 'EXCEPT_LIST', audienceListId: others },
      { by: stranger, audience: 'PUBLIC' },
      { by: viewer, audience: 'ONLY_ME' },
      { by: viewer, audience: 'FRIENDS' },
    ]
    const hidden = [
      { by: friend, audience: 'ONLY_ME' },
      { by: friend, audience: 'ONLY_LIST', audienceListId: others },
      { by: friend, audience: 'EXCEPT_LIST', audienceListId: list },
      { by: stranger, audience: 'FRIENDS' },
      { by: stranger, audience: 'ONLY_ME' },
    ]
    const publish = async (posts: ({ by: string } & object)[]) => {
      const ids: string[] = []
      for (const { by, ...input } of posts) ids.push(await blog.publish(by, { text: `#${tag}`, ...input }))
      return ids
    }
    const visible = await publish(shown)
    await publish(hidden)
    expect(await found(viewer)).toEqual(visible.toReversed())
    expect(await found(null)).toEqual([visible[4], visible[0]])
    const own = blog.communication.list(viewer, [])
    const listed = await blog.publish(viewer, { text: `#${tag}`, audience: 'ONLY_LIST', audienceListId: own })
    expect((await found(viewer))[0]).toBe(listed)
  })

  it('leaves out posts of muted users and of users with a block, and posts that the viewer has hidden', async () => {
    const [muted, friend, blocked, blocker, other] = [newId(), newId(), newId(), newId(), newId()]
    for (const each of [muted, friend]) blog.communication.befriend(viewer, each)
    blog.communication.mute(viewer, muted, true)
    blog.communication.relate(viewer, blocked, 'BLOCKED')
    blog.communication.relate(viewer, blocker, 'INVISIBLE')
    for (const by of [muted, blocked, blocker]) {
      await blog.publish(by, { text: `#${tag}` })
      await blog.publish(by, { text: `#${tag}`, audience: 'FRIENDS' })
    }
    const kept = await blog.publish(other, { text: `#${tag}` })
    for (const by of [other, friend]) {
      const id = await blog.publish(by, { text: `#${tag}`, audience: by === other ? 'PUBLIC' : 'FRIENDS' })
      await change(viewer, 'hidePost', id)
    }
    expect(await found(viewer)).toEqual([kept])
    blog.communication.mute(viewer, muted, false)
    expect(await found(viewer)).toHaveLength(3)
  })

  it('follows edits, deletions and expiry', async () => {
    const ids: string[] = []
    for (const _ of Array(4)) ids.push(await blog.publish(author, { text: `#${tag}` }))
    const [edited = '', narrowed = '', deleted = '', expired = ''] = ids
    await edit(blog, author, { postId: edited, text: `#${tag}other` })
    await edit(blog, author, { postId: narrowed, audience: 'FRIENDS' })
    await change(author, 'deletePost', deleted)
    await blog.sql.query('UPDATE post SET expires_at = now() WHERE id = $1', [expired])
    expect([await found(null), await found(null, `${tag}other`)]).toEqual([[], [edited]])
    expect(await found(author)).toEqual([narrowed])
    await edit(blog, author, { postId: narrowed, audience: 'PUBLIC' })
    expect(await found(null)).toEqual([narrowed])
  })

  it('has pages that are full and contain each post once', async () => {
    const friend = newId()
    const reader = newId()
    blog.communication.befriend(reader, friend)
    const ids: string[] = []
    for (let n = 0; n < 12; n++) {
      const audience = n % 2 === 0 ? 'PUBLIC' : 'FRIENDS'
      ids.unshift(await blog.publish(n % 3 === 0 ? author : friend, { text: `#${tag}`, audience }))
    }
    const visible = ids.filter((_id, index) => !((11 - index) % 3 === 0 && (11 - index) % 2 === 1))
    const read: string[] = []
    let after: string | null = null
    do {
      const { edges, pageInfo }: Page = await page(reader, tag, 3, after)
      read.push(...edges.map(({ node }) => node.id))
      expect(edges).toHaveLength(Math.min(3, visible.length - read.length + edges.length))
      after = pageInfo.hasNextPage ? pageInfo.endCursor : null
    } while (after)
    expect(read).toEqual(visible)
    const { pageInfo } = await page(reader, tag, 3)
    await expect(page(reader, `${tag}y`, 3, pageInfo.endCursor)).rejects.toMatchObject({
      extensions: { code: 'BAD_USER_INPUT' },
    })
  })
})
