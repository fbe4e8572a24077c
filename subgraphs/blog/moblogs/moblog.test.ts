import { newId } from '../../../platform/ids.ts'
import { type BlogUnderTest, startBlogUnderTest } from '../../../testing/blog/blog.ts'

type Posts = {
  edges: { cursor: string; node: { id: string; text: string; audience: string } }[]
  pageInfo: { hasNextPage: boolean; endCursor: string | null }
}
type Moblog = {
  id: string
  title: string
  about: string | null
  postCount: number
  updatedAt: string
  posts: Posts
}

const FIELDS = `id title about postCount updatedAt
  posts(first: $first, after: $after) {
    edges { cursor node { id text audience } }
    pageInfo { hasNextPage endCursor }
  }`
const MOBLOG = `query ($id: ID!, $first: Int = 20, $after: String) { moblog(id: $id) { ${FIELDS} } }`
const ENTITIES = `query ($representations: [_Any!]!, $first: Int = 20, $after: String) {
  _entities(representations: $representations) {
    ... on User { moblog { ${FIELDS} } }
    ... on Moblog { ${FIELDS} }
    ... on Post { id text }
  }
}`

let blog: BlogUnderTest
let owner: string
let friend: string

beforeAll(async () => {
  blog = await startBlogUnderTest()
})
afterAll(() => blog.stop())
beforeEach(() => {
  owner = newId()
  friend = newId()
  blog.communication.befriend(owner, friend)
})

async function moblog(viewerId: string | null, variables: Record<string, unknown> = {}): Promise<Moblog> {
  const data = await blog.ask<{ moblog: Moblog }>(viewerId, MOBLOG, { id: owner, ...variables })
  return data.moblog
}

async function entity<Entity>(viewerId: string | null, representation: object): Promise<Entity | null> {
  const variables = { representations: [representation] }
  const data = await blog.ask<{ _entities: (Entity | null)[] }>(viewerId, ENTITIES, variables)
  return data._entities[0] ?? null
}

describe('a moblog', () => {
  it('exists without posts from the creation of its owner', async () => {
    const fresh = await moblog(null)
    expect(fresh).toMatchObject({ id: owner, title: '', about: null, postCount: 0, posts: { edges: [] } })
    expect(fresh.posts.pageInfo).toEqual({ hasNextPage: false, endCursor: null })
    expect(Math.abs(Date.parse(fresh.updatedAt) - Date.now())).toBeLessThan(60_000)
  })

  it('shows and counts only posts that the viewer may see, and takes updatedAt from them', async () => {
    for (const audience of ['PUBLIC', 'FRIENDS', 'ONLY_ME'])
      await blog.publish(owner, { text: audience, audience })
    const [self, other, stranger, signedOut] = await Promise.all(
      [owner, friend, newId(), null].map((viewerId) => moblog(viewerId)),
    )
    const texts = (seen?: Moblog) => seen?.posts.edges.map(({ node }) => node.text)
    expect(texts(self)).toEqual(['ONLY_ME', 'FRIENDS', 'PUBLIC'])
    expect(texts(other)).toEqual(['FRIENDS', 'PUBLIC'])
    expect(texts(stranger)).toEqual(['PUBLIC'])
    expect(signedOut).toEqual(stranger)
    expect([self, other, stranger].map((seen) => seen?.postCount)).toEqual([3, 2, 1])
    expect(Date.parse(self?.updatedAt ?? '')).toBeGreaterThan(Date.parse(other?.updatedAt ?? ''))
    expect(Date.parse(other?.updatedAt ?? '')).toBeGreaterThan(Date.parse(stranger?.updatedAt ?? ''))
  })

  it.each(['BLOCKED', 'INVISIBLE'] as const)(
    'does not exist for a viewer whose relationship to the owner is %s, nor do its posts',
    async (relationship) => {
      const id = await blog.publish(owner)
      const viewer = newId()
      blog.communication.relate(viewer, owner, relationship)
      expect(await moblog(viewer)).toBeNull()
      expect(await entity(viewer, { __typename: 'Moblog', id: owner })).toBeNull()
      expect(await entity(viewer, { __typename: 'Post', id })).toBeNull()
      expect(await blog.ask(viewer, `{ post(id: "${id}") { id } }`)).toEqual({ post: null })
    },
  )

  it('is null for a malformed id', async () => {
    expect(await blog.ask(null, '{ moblog(id: "x") { id } post(id: "x") { id } }')).toEqual({
      moblog: null,
      post: null,
    })
  })

  it.each(['SELF', 'FRIEND', 'NONE', 'BLOCKED'])(
    'ignores the relationship %s in an entity representation and uses the one from communication',
    async (relationship) => {
      await blog.publish(owner, { audience: 'ONLY_ME' })
      await blog.publish(owner, { audience: 'FRIENDS' })
      await blog.publish(owner, { audience: 'PUBLIC' })
      const seenBy = (viewer: string | null) =>
        entity(viewer, { __typename: 'User', id: owner, relationship })
      expect(await seenBy(owner)).toMatchObject({ moblog: { postCount: 3 } })
      expect(await seenBy(friend)).toMatchObject({ moblog: { postCount: 2 } })
      expect(await seenBy(null)).toMatchObject({ moblog: { postCount: 1 } })
    },
  )

  it('loads the relationships to many owners with one call to communication', async () => {
    const before = blog.communication.relationshipQueries
    const representations = Array.from({ length: 50 }, () => ({ __typename: 'Moblog', id: newId() }))
    await blog.ask(friend, ENTITIES, { representations })
    expect(blog.communication.relationshipQueries).toBe(before + 1)
  })
})

describe('the pages of a moblog', () => {
  async function readAll(viewerId: string, first: number, between = async () => {}): Promise<string[]> {
    const texts: string[] = []
    let after: string | null = null
    do {
      const { posts } = await moblog(viewerId, { first, after })
      texts.push(...posts.edges.map(({ node }) => node.text))
      after = posts.pageInfo.hasNextPage ? posts.pageInfo.endCursor : null
      await between()
    } while (after)
    return texts
  }

  it('neither skip nor repeat a post, for any page size and any audiences', async () => {
    const audiences = ['PUBLIC', 'FRIENDS', 'FRIENDS', 'ONLY_ME', 'PUBLIC']
    const texts = Array.from({ length: 23 }, (_, index) => `${index}`)
    for (const [index, text] of texts.entries()) {
      await blog.publish(owner, { text, audience: audiences[index % audiences.length] })
    }
    // Most posts now have the same instant, so the order depends on the id.
    await blog.sql.query(
      `UPDATE post SET published_at = date_trunc('second', published_at) WHERE moblog_id = $1`,
      [owner],
    )
    const newestFirst = texts.toReversed()
    for (const first of [1, 3, 22, 23, 100]) expect(await readAll(owner, first)).toEqual(newestFirst)
    const friendly = newestFirst.filter((text) => audiences[Number(text) % audiences.length] !== 'ONLY_ME')
    for (const first of [1, 4, 100]) expect(await readAll(friend, first)).toEqual(friendly)
  })

  it('neither skip nor repeat a post while posts are added', async () => {
    for (const text of ['1', '2', '3', '4', '5', '6']) await blog.publish(owner, { text })
    const seen = await readAll(friend, 2, async () => {
      await blog.publish(owner, { text: 'new' })
    })
    expect(seen).toEqual(['6', '5', '4', '3', '2', '1'])
  })

  it('refuse page sizes out of range, malformed cursors and cursors of other lists', async () => {
    await blog.publish(owner)
    await blog.publish(owner)
    const { posts } = await moblog(friend, { first: 1 })
    const refused = expect.objectContaining({ extensions: { code: 'BAD_USER_INPUT' } })
    const madeUp = (position: string[]) =>
      Buffer.from(JSON.stringify([`posts/${owner.slice(-12)}`, ...position])).toString('base64url')
    for (const variables of [
      { first: 0 },
      { first: 101 },
      { after: 'x' },
      { after: madeUp([]) },
      { after: madeUp(['2026-13-01', owner]) },
      { after: madeUp(["2026-01-01' OR true", owner]) },
      { after: madeUp(['2026-01-01T00:00:00.000Z', 'x']) },
    ]) {
      await expect(moblog(friend, variables)).rejects.toEqual(refused)
    }
    owner = newId()
    await expect(moblog(friend, { after: posts.pageInfo.endCursor })).rejects.toEqual(refused)
  })
})
