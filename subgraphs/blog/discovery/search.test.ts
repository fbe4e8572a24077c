import { newId } from '../../../platform/ids.ts'
import {
  type DiscoveryUnderTest,
  HOME,
  MOBLOGS,
  startDiscoveryUnderTest,
} from '../../../testing/blog/discovery.ts'
import { backfillSearchWords } from './search-backfill.ts'

const SEARCH = `query ($query: String!, $first: Int, $after: String) {
  found: searchMoblogs(query: $query, first: $first, after: $after) { ${MOBLOGS} }
}`

let blog: DiscoveryUnderTest

beforeEach(async () => {
  blog = await startDiscoveryUnderTest()
})
afterEach(() => blog.stop())

describe('searchMoblogs', () => {
  async function name(owner: string, title: string, about = '') {
    const query = 'mutation ($input: UpdateMoblogInput!) { updateMoblog(input: $input) { __typename } }'
    await blog.ask(owner, query, { input: { title, about } })
  }

  it('finds moblogs by title and description first, then by posts, the newest first', async () => {
    const [named, described, old, recent] = [newId(), newId(), newId(), newId()]
    await blog.publish(old, { text: 'A sunny morning' })
    await blog.publish(recent, { text: 'Morning again' })
    await name(named, 'Morning walks')
    await name(described, 'x', 'every morning')
    const all = await blog.found(null, SEARCH, { query: ' MORN ' })
    expect(all.slice(0, 2).toSorted()).toEqual([named, described].toSorted())
    expect(all.slice(2)).toEqual([recent, old])
    expect(await blog.found(null, SEARCH, { query: 'morning sunny' })).toEqual([old])
    expect(await blog.readAll(null, SEARCH, { query: 'morning', first: 1 })).toEqual(all)
    expect(await blog.found(null, SEARCH, { query: 'evening' })).toEqual([])
  })

  it('finds Chinese texts by one, two or more characters', async () => {
    const [one, other] = [newId(), newId()]
    await blog.publish(one, { text: '今天用手机拍了移动博客的视频' })
    await name(other, '我的移动日记')
    expect(await blog.found(null, SEARCH, { query: '博客' })).toEqual([one])
    expect(await blog.found(null, SEARCH, { query: '移动博客' })).toEqual([one])
    expect(await blog.found(null, SEARCH, { query: '移动' })).toEqual([other, one])
    expect(await blog.found(null, SEARCH, { query: '记' })).toEqual([other])
  })

  it.each([
    ['أحمد في البيت', 'احمد'],
    ['مُحَمَّد', 'محمد'],
    ['שָׁלוֹם', 'שלום'],
    ['김철수가 왔다', '철수'],
    ['Đà Nẵng', 'da nang'],
  ])('finds the text %j by the query %j', async (text, query) => {
    const [one, other] = [newId(), newId()]
    await blog.publish(one, { text })
    await name(other, text)
    expect(await blog.found(null, SEARCH, { query })).toEqual([other, one])
  })

  it('finds texts from before the current folding of words after the backfill', async () => {
    const [one, other] = [newId(), newId()]
    await blog.publish(one, { text: 'أحمد' })
    await name(other, 'أحمد')
    await blog.sql.query(`UPDATE post SET words = '{أحمد}'`)
    await blog.sql.query(`UPDATE moblog SET words = '{أحمد}' WHERE title <> ''`)
    await blog.sql.query('UPDATE search_backfill SET done = false')
    expect(await blog.found(null, SEARCH, { query: 'احمد' })).toEqual([])
    while (await backfillSearchWords(blog.sql)) {}
    expect(await blog.found(null, SEARCH, { query: 'احمد' })).toEqual([other, one])
  })

  it('finds the hashtags of texts from before hashtags existed after the backfill', async () => {
    const id = await blog.publish(newId(), { text: 'Before #backfilled' })
    await blog.sql.query(`UPDATE post SET hashtags = '{}' WHERE id = $1`, [id])
    await blog.sql.query(
      `UPDATE search_backfill SET after_id = '00000000-0000-0000-0000-000000000000', done = false`,
    )
    const query = '{ hashtagPosts(tag: "backfilled") { edges { node { id } } } }'
    const tagged = () => blog.ask<{ hashtagPosts: { edges: unknown[] } }>(null, query)
    expect((await tagged()).hashtagPosts.edges).toEqual([])
    while (await backfillSearchWords(blog.sql)) {}
    expect((await tagged()).hashtagPosts.edges).toEqual([{ node: { id } }])
  })

  it('finds only posts and users that are visible to the viewer', async () => {
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
          [owner, friend, stranger, null, blocked].map((viewer) => blog.found(viewer, SEARCH, { query })),
        )
      ).map((ids) => ids.length)
    expect(await who('everyone')).toEqual([1, 1, 1, 1, 0])
    expect(await who('friendly')).toEqual([1, 1, 0, 0, 0])
    expect(await who('private')).toEqual([1, 0, 0, 0, 0])
    expect(await who(owner)).toEqual([1, 1, 1, 1, 0])
  })

  it('limits the matches after leaving out those of users who do not exist for the viewer', async () => {
    const [old, loud, viewer] = [newId(), newId(), newId()]
    await blog.publish(old, { text: 'lantern' })
    await blog.publish(loud, { text: 'lantern' })
    await name(loud, 'Harbour')
    await blog.sql.query(
      `INSERT INTO post (id, moblog_id, state, audience, text, words, media_ids, published_at, created_at)
       SELECT gen_random_uuid(), moblog_id, state, audience, text, words, '{}', now(), now()
       FROM post CROSS JOIN generate_series(1, 1000) WHERE moblog_id = $1`,
      [loud],
    )
    await blog.sql.query(
      `INSERT INTO moblog (id, title, words)
       SELECT gen_random_uuid(), title, words FROM moblog CROSS JOIN generate_series(1, 200) WHERE id = $1`,
      [loud],
    )
    const harbours = () => blog.readAll(viewer, SEARCH, { query: 'harbour', first: 100 })
    const before = await harbours()
    expect([before.length, before.includes(loud)]).toEqual([200, true])
    expect(await blog.found(viewer, SEARCH, { query: 'lantern' })).toEqual([loud])
    blog.communication.relate(viewer, loud, 'INVISIBLE')
    const after = await harbours()
    expect([after.length, after.includes(loud)]).toEqual([200, false])
    expect(await blog.found(viewer, SEARCH, { query: 'lantern' })).toEqual([old])
  })

  it('follows edits and deletions of posts', async () => {
    const owner = newId()
    const postId = await blog.publish(owner, { text: 'before' })
    await blog.ask(
      owner,
      `mutation { editPost(input: { postId: "${postId}", text: "after" }) { __typename } }`,
    )
    expect(await blog.found(null, SEARCH, { query: 'before' })).toEqual([])
    expect(await blog.found(null, SEARCH, { query: 'after' })).toEqual([owner])
    await blog.ask(owner, `mutation { deletePost(input: { postId: "${postId}" }) { __typename } }`)
    expect(await blog.found(null, SEARCH, { query: 'after' })).toEqual([])
  })

  it('is paged without gaps, with matches by title before matches by posts', async () => {
    const [named, posted] = [Array.from({ length: 4 }, newId), Array.from({ length: 5 }, newId)]
    for (const owner of posted) await blog.publish(owner, { text: 'a lantern' })
    for (const owner of named) {
      await blog.ask(owner, `mutation { updateMoblog(input: { title: "Lanterns" }) { __typename } }`)
      await blog.publish(owner, { text: 'lantern, lantern' })
    }
    await blog.ranked()
    const expected = [...named.toReversed(), ...posted.toReversed()]
    for (const first of [1, 2, 4, 9]) {
      expect(await blog.readAll(null, SEARCH, { query: 'lantern', first })).toEqual(expected)
    }
    const { pageInfo } = await blog.page(null, SEARCH, { query: 'lantern', first: 1 })
    await expect(blog.page(null, SEARCH, { query: 'lan', after: pageInfo.endCursor })).rejects.toMatchObject({
      extensions: { code: 'BAD_USER_INPUT' },
    })
  })

  it('refuses a query that is too long and a cursor of another list', async () => {
    await blog.publish(newId(), { text: 'word' })
    await blog.ranked()
    const refused = { extensions: { code: 'BAD_USER_INPUT' } }
    const { pageInfo } = await blog.page(null, HOME('newestMoblogs'))
    await expect(blog.page(null, SEARCH, { query: 'x'.repeat(201) })).rejects.toMatchObject(refused)
    await expect(blog.page(null, SEARCH, { query: 'word', after: pageInfo.endCursor })).rejects.toMatchObject(
      refused,
    )
    await expect(blog.page(null, HOME('hotMoblogs'), { after: pageInfo.endCursor })).rejects.toMatchObject(
      refused,
    )
    expect(await blog.found(null, SEARCH, { query: '" & \' ! :*' })).toEqual([])
  })
})
