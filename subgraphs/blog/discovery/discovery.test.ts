import { newId } from '../../../platform/ids.ts'
import { type BlogUnderTest, eventually, startBlogUnderTest } from '../blog-under-test.ts'

type Connection = {
  edges: { node: { id: string } }[]
  pageInfo: { hasNextPage: boolean; endCursor: string | null }
}

const MOBLOGS = 'edges { node { id } } pageInfo { hasNextPage endCursor }'
const HOME = (field: string) =>
  `query ($first: Int, $after: String) { found: ${field}(first: $first, after: $after) { ${MOBLOGS} } }`
const SEARCH = `query ($query: String!, $first: Int, $after: String) {
  found: searchMoblogs(query: $query, first: $first, after: $after) { ${MOBLOGS} }
}`

let blog: BlogUnderTest

beforeEach(async () => {
  blog = await startBlogUnderTest()
})
afterEach(() => blog.stop())

async function page(viewerId: string | null, operation: string, variables: object = {}): Promise<Connection> {
  const asked = { first: 100, ...variables }
  return (await blog.ask<{ found: Connection }>(viewerId, operation, asked)).found
}

async function found(viewerId: string | null, operation: string, variables: object = {}): Promise<string[]> {
  return (await page(viewerId, operation, variables)).edges.map(({ node }) => node.id)
}

async function readAll(viewerId: string | null, operation: string, variables: object): Promise<string[]> {
  const seen: string[] = []
  let after: string | null = null
  do {
    const { edges, pageInfo } = await page(viewerId, operation, { ...variables, after })
    seen.push(...edges.map(({ node }) => node.id))
    after = pageInfo.hasNextPage ? pageInfo.endCursor : null
  } while (after)
  return seen
}

const like = (viewerId: string, postId: string) =>
  blog.ask(viewerId, `mutation { likePost(input: { postId: "${postId}" }) { __typename } }`)
const comment = (viewerId: string, postId: string) =>
  blog.ask(viewerId, `mutation { commentOnPost(input: { postId: "${postId}", text: "Hm" }) { __typename } }`)

/** Waits until all moblogs are ranked in which something has happened. */
const ranked = () =>
  eventually(async () => expect((await blog.sql.query('SELECT FROM rank_due')).rowCount).toBe(0))

describe('the newest moblogs', () => {
  it('are those with the newest posts that everyone may see', async () => {
    const [one, two, three] = [newId(), newId(), newId()]
    for (const owner of [one, two, one]) await blog.publish(owner)
    const hidden = await blog.publish(two, { audience: 'FRIENDS' })
    await blog.publish(three, { audience: 'ONLY_ME' })
    await ranked()
    expect(await found(null, HOME('newestMoblogs'))).toEqual([one, two])
    await blog.ask(
      two,
      `mutation { editPost(input: { postId: "${hidden}", audience: PUBLIC }) { __typename } }`,
    )
    const newest = await blog.publish(three)
    await ranked()
    expect(await found(null, HOME('newestMoblogs'))).toEqual([three, two, one])
    await blog.ask(three, `mutation { deletePost(input: { postId: "${newest}" }) { __typename } }`)
    await ranked()
    expect(await found(null, HOME('newestMoblogs'))).toEqual([two, one])
  })

  it('are paged without gaps, without those who do not exist for the viewer', async () => {
    const owners = Array.from({ length: 9 }, newId)
    const viewer = newId()
    for (const owner of owners) await blog.publish(owner)
    for (const owner of owners.slice(3, 7)) blog.communication.relate(viewer, owner, 'INVISIBLE')
    await ranked()
    expect(await readAll(viewer, HOME('newestMoblogs'), { first: 2 })).toEqual([
      ...owners.slice(7).toReversed(),
      ...owners.slice(0, 3).toReversed(),
    ])
    expect(await readAll(null, HOME('newestMoblogs'), { first: 4 })).toEqual(owners.toReversed())
  })
})

describe('the hot moblogs', () => {
  it('are those that most users like and comment on lately', async () => {
    const [cold, warm, hot] = [newId(), newId(), newId()]
    const posts = [await blog.publish(hot), await blog.publish(warm), await blog.publish(cold)] as const
    for (const user of [newId(), newId()]) await like(user, posts[1])
    for (const user of [newId(), newId()]) await comment(user, posts[0])
    await ranked()
    expect(await readAll(null, HOME('hotMoblogs'), { first: 1 })).toEqual([hot, warm, cold])
    // What is two days old counts a quarter.
    await blog.sql.query(`UPDATE comment SET created_at = created_at - interval '2 days'`)
    await like(newId(), posts[2])
    await blog.sql.query('INSERT INTO rank_due SELECT id, now() FROM moblog ON CONFLICT DO NOTHING')
    await ranked()
    expect(await found(null, HOME('hotMoblogs'))).toEqual([warm, cold, hot])
  })

  it('do not become hotter by what one user repeats, or the owner does', async () => {
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
    await ranked()
    expect(await found(null, HOME('hotMoblogs'))).toEqual([modest, pushed])
  })

  it('know nothing of posts that not everyone may see', async () => {
    const owner = newId()
    const friend = newId()
    blog.communication.befriend(owner, friend)
    await like(friend, await blog.publish(owner, { audience: 'FRIENDS' }))
    await ranked()
    expect(await found(owner, HOME('hotMoblogs'))).toEqual([])
  })

  it('miss nothing that happens while they are ranked', async () => {
    const owner = newId()
    const post = await blog.publish(owner)
    const users = Array.from({ length: 40 }, newId)
    await Promise.all(users.map((user) => like(user, post)))
    await ranked()
    const { rows } = await blog.sql.query(
      'SELECT hot - extract(epoch FROM now())::float8 / 86400 AS heat FROM moblog',
    )
    expect(rows[0].heat).toBeCloseTo(Math.log2(40.5), 1)
  })
})

describe('searching', () => {
  async function name(owner: string, title: string, about = '') {
    const query = 'mutation ($input: UpdateMoblogInput!) { updateMoblog(input: $input) { __typename } }'
    await blog.ask(owner, query, { input: { title, about } })
  }

  it('finds moblogs by name and description first, then by posts, the newest first', async () => {
    const [named, described, old, recent] = [newId(), newId(), newId(), newId()]
    await blog.publish(old, { text: 'A sunny morning' })
    await blog.publish(recent, { text: 'Morning again' })
    await name(named, 'Morning walks')
    await name(described, 'x', 'every morning')
    const all = await found(null, SEARCH, { query: ' MORN ' })
    expect(all.slice(0, 2).toSorted()).toEqual([named, described].toSorted())
    expect(all.slice(2)).toEqual([recent, old])
    expect(await found(null, SEARCH, { query: 'morning sunny' })).toEqual([old])
    expect(await readAll(null, SEARCH, { query: 'morning', first: 1 })).toEqual(all)
    expect(await found(null, SEARCH, { query: 'evening' })).toEqual([])
  })

  it('finds Chinese by one, two and more characters', async () => {
    const [one, other] = [newId(), newId()]
    await blog.publish(one, { text: '今天用手机拍了移动博客的视频' })
    await name(other, '我的移动日记')
    expect(await found(null, SEARCH, { query: '博客' })).toEqual([one])
    expect(await found(null, SEARCH, { query: '移动博客' })).toEqual([one])
    expect(await found(null, SEARCH, { query: '移动' })).toEqual([other, one])
    expect(await found(null, SEARCH, { query: '记' })).toEqual([other])
  })

  it('finds no post that the viewer may not see, nor whom they may not know', async () => {
    const owner = newId()
    const [friend, stranger, blocked] = [newId(), newId(), newId()]
    blog.communication.befriend(owner, friend)
    blog.communication.relate(blocked, owner, 'INVISIBLE')
    await blog.publish(owner, { text: 'everyone' })
    await blog.publish(owner, { text: 'friendly', audience: 'FRIENDS' })
    await blog.publish(owner, { text: 'private', audience: 'ONLY_ME' })
    const who = async (query: string) =>
      (
        await Promise.all(
          [owner, friend, stranger, null, blocked].map((viewer) => found(viewer, SEARCH, { query })),
        )
      ).map((ids) => ids.length)
    expect(await who('everyone')).toEqual([1, 1, 1, 1, 0])
    expect(await who('friendly')).toEqual([1, 1, 0, 0, 0])
    expect(await who('private')).toEqual([1, 0, 0, 0, 0])
    expect(await who(owner)).toEqual([1, 1, 1, 1, 0])
  })

  it('follows what is edited and deleted', async () => {
    const owner = newId()
    const postId = await blog.publish(owner, { text: 'before' })
    await blog.ask(
      owner,
      `mutation { editPost(input: { postId: "${postId}", text: "after" }) { __typename } }`,
    )
    expect(await found(null, SEARCH, { query: 'before' })).toEqual([])
    expect(await found(null, SEARCH, { query: 'after' })).toEqual([owner])
    await blog.ask(owner, `mutation { deletePost(input: { postId: "${postId}" }) { __typename } }`)
    expect(await found(null, SEARCH, { query: 'after' })).toEqual([])
  })

  it('is paged without gaps, those found by name before those found by posts', async () => {
    const [named, posted] = [Array.from({ length: 4 }, newId), Array.from({ length: 5 }, newId)]
    for (const owner of posted) await blog.publish(owner, { text: 'a lantern' })
    for (const owner of named) {
      await blog.ask(owner, `mutation { updateMoblog(input: { title: "Lanterns" }) { __typename } }`)
      await blog.publish(owner, { text: 'lantern, lantern' })
    }
    await ranked()
    const expected = [...named.toReversed(), ...posted.toReversed()]
    for (const first of [1, 2, 4, 9]) {
      expect(await readAll(null, SEARCH, { query: 'lantern', first })).toEqual(expected)
    }
    const { pageInfo } = await page(null, SEARCH, { query: 'lantern', first: 1 })
    await expect(page(null, SEARCH, { query: 'lan', after: pageInfo.endCursor })).rejects.toMatchObject({
      extensions: { code: 'BAD_USER_INPUT' },
    })
  })

  it('refuses what is too long and cursors of other lists', async () => {
    await blog.publish(newId(), { text: 'word' })
    await ranked()
    const refused = { extensions: { code: 'BAD_USER_INPUT' } }
    const { pageInfo } = await page(null, HOME('newestMoblogs'))
    await expect(page(null, SEARCH, { query: 'x'.repeat(201) })).rejects.toMatchObject(refused)
    await expect(page(null, SEARCH, { query: 'word', after: pageInfo.endCursor })).rejects.toMatchObject(
      refused,
    )
    await expect(page(null, HOME('hotMoblogs'), { after: pageInfo.endCursor })).rejects.toMatchObject(refused)
    expect(await found(null, SEARCH, { query: '" & \' ! :*' })).toEqual([])
  })
})
