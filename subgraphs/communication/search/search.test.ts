import { ANONYMOUS, type Viewer } from '../../../platform/identity/caller.ts'
import { newId } from '../../../platform/ids.ts'
import {
  startTestCommunication,
  type TestCommunication,
  viewer,
} from '../../../testing/communication/communication.ts'
import { foldName } from './fold.ts'

import { type Found, findMatching, searchStatement, type Way } from './search-store.ts'

const PEOPLE = {
  ada_l: 'Ada Lovelace',
  adam: 'Adam Riese',
  nevada: 'Nora',
  mei: '林美玲',
  meilin: '王美',
  sakura7: 'サクラ 花子',
  sakura8: 'さくら',
  amelie: 'Amélie Ÿsaÿe',
  lukasz: 'Łukasz Żółw',
  lovelock: 'James Lovelock',
  minjun: '김민준',
  ahmad: 'أحمد',
  muhammad: 'مُحَمَّد',
  shalom: 'שָׁלוֹם',
}

let app: TestCommunication
let ids: Record<keyof typeof PEOPLE, string>

beforeAll(async () => {
  app = await startTestCommunication()
  const handles = Object.keys(PEOPLE)
  const created = await app.people(...handles)
  ids = Object.fromEntries(handles.map((handle, i) => [handle, created[i]])) as typeof ids
  for (const [handle, name] of Object.entries(PEOPLE)) {
    await app.pool.query('UPDATE users SET display_name = $2 WHERE handle_key = $1', [handle, name])
  }
  await app.refold()
})

afterAll(() => app.close())

const QUERY = `query ($query: String!, $first: Int, $after: String) {
  searchUsers(query: $query, first: $first, after: $after) {
    edges { cursor node { handle relationship } } pageInfo { hasNextPage endCursor }
  }
}`
const search = async (query: string, caller: Viewer = ANONYMOUS, page: object = {}) =>
  app.ask(QUERY, { query, ...page }, caller)
const handles = async (query: string, caller: Viewer = ANONYMOUS) =>
  (await search(query, caller)).data.searchUsers.edges.map(
    ({ node }: { node: { handle: string } }) => node.handle,
  )

describe('searching users', () => {
  it.each([
    ['ada', ['ada_l', 'adam']],
    ['ADAM', ['adam', 'ada_l']],
    ['@ada_l', ['ada_l']],
    ['ada love', ['ada_l']],
    ['love', ['ada_l', 'lovelock']],
    ['林', ['mei']],
    ['美', ['meilin', 'mei']],
    ['美玲', ['mei']],
    ['さくら', ['sakura8', 'sakura7']],
    ['ｻｸﾗ', ['sakura8', 'sakura7']],
    ['花子', ['sakura7']],
    ['amelie', ['amelie']],
    ['Amélie ysaye', ['amelie']],
    ['lukasz zolw', ['lukasz']],
    ['김민', ['minjun']],
    ['민준', ['minjun']],
    ['احمد', ['ahmad']],
    ['محمد', ['muhammad']],
    ['שלום', ['shalom']],
    ['zzz', []],
    ['', []],
    ['!', []],
    ['%', []],
    ['_', []],
    ['\u0000', []],
  ])('for %j finds %j', async (query, expected) => {
    expect(await handles(query)).toEqual(expected)
  })

  it('finds similar names, after names that begin with the query', async () => {
    expect(await handles('lovelase')).toEqual(['ada_l'])
    expect(await handles('lovelac')).toEqual(['ada_l', 'lovelock'])
    expect(await handles('sakurra')).toEqual(expect.arrayContaining(['sakura7', 'sakura8']))
  })

  it('lists the user with exactly this handle or id first', async () => {
    expect((await handles('mei'))[0]).toBe('mei')
    expect(await handles(ids.adam)).toEqual(['adam'])
    expect(await handles(ids.adam.toUpperCase())).toEqual(['adam'])
    expect(await handles(newId())).toEqual([])
  })

  it('uses a changed name at once', async () => {
    const [id = ''] = await app.people('changer')
    const update = 'mutation { updateProfile(input: { displayName: "Grace Hopper" }) { __typename } }'
    await app.ask(update, {}, viewer(id))
    expect(await handles('hopper')).toEqual(['changer'])
    await app.ask(update.replace('Hopper', 'Murray'), {}, viewer(id))
    expect(await handles('hopper')).toEqual([])
    expect(await handles('murray')).toEqual(['changer'])
  })

  it('finds a user who has just signed up', async () => {
    const input = { handle: 'Just_Signed', displayName: 'Zoë Ünlü', password: 'correct horse' }
    await app.ask(
      'mutation ($input: SignUpInput!) { signUp(input: $input) { __typename } }',
      { input },
      ANONYMOUS,
    )
    expect(await handles('unlu')).toEqual(['Just_Signed'])
    expect(await handles('signed')).toEqual(['Just_Signed'])
  })

  it('finds neither users who have blocked the viewer nor users whom the viewer has blocked', async () => {
    const [me = '', blocker = '', blocked = ''] = await app.people('blind', 'unseen_er', 'unseen_ed')
    await app.refold()
    expect(await handles('unseen', viewer(me))).toEqual(['unseen_ed', 'unseen_er'])
    const block = (by: string, whom: string) =>
      app.ask(`mutation { blockUser(input: { userId: "${whom}" }) { __typename } }`, {}, viewer(by))
    await block(blocker, me)
    await block(me, blocked)
    for (const query of ['unseen', 'unseen_er', 'unseen_ed', blocker, blocked, 'unsen er']) {
      expect((await search(query, viewer(me))).data).toEqual((await search('zzz', viewer(me))).data)
    }
  })

  it.each([[{ first: 0 }], [{ first: 101 }], [{ after: 'nonsense' }], [{ query: 'x'.repeat(10_000_000) }]])(
    'refuses invalid arguments %#',
    async (variables) => {
      const { errors } = await app.ask(QUERY, { query: 'ada', ...variables }, ANONYMOUS)
      expect(errors).toEqual([expect.objectContaining({ code: 'BAD_USER_INPUT' })])
    },
  )
})

describe('searching 20,000 users', () => {
  beforeAll(async () => {
    const names = Array.from({ length: 20_000 }, (_, i) => ({
      id: newId(),
      handle: `crowd${i}`,
      displayName: `${['Ann', 'Bob', 'Cyd', 'Dan'][i % 4]} Crowdson${i % 50}`,
    }))
    await app.pool.query(
      `INSERT INTO users (id, handle, handle_key, display_name, created_at)
       SELECT *, now() FROM unnest($1::uuid[], $2::text[], $2::text[], $3::text[])`,
      [names.map(({ id }) => id), names.map(({ handle }) => handle), names.map((one) => one.displayName)],
    )
    await app.refold()
    await app.pool.query('VACUUM ANALYZE users, search_keys, relationships')
  })

  it('continues each page after the last one, without repeating a user', async () => {
    const seen: string[] = []
    let after: string | null = null
    do {
      const {
        data,
      }: {
        data: {
          searchUsers: {
            edges: { node: { handle: string } }[]
            pageInfo: { hasNextPage: boolean; endCursor: string }
          }
        }
      } = await search('bob crowdson1', ANONYMOUS, { first: 100, after })
      const page = data.searchUsers
      seen.push(...page.edges.map(({ node }) => node.handle))
      after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null
    } while (after !== null && seen.length < 3_000)
    expect(new Set(seen).size).toBe(seen.length)
    // Surnames of a Bob that begin with the query end in 1, 11, 13, 15, 17 or 19 (1,200 users). Similar names follow.
    expect(seen.slice(0, 1_200).every((handle) => Number(handle.slice(5)) % 4 === 1)).toBe(true)
    expect(seen.length).toBeGreaterThan(1_200)
  })

  it('falls back to similar names with the same beginning if the full similarity search takes too long', async () => {
    const search = {
      viewerId: null,
      typed: 'crowdsen7',
      folded: foldName('crowdsen7'),
      after: null,
      limit: 5,
    }
    const complete = await findMatching(app.pool, 'similar', search)
    const limited = await findMatching(app.pool, 'similar', search, 1)
    expect(limited.length).toBe(5)
    const { rows: sameBeginning } = await app.pool.query<Found>(searchStatement('similar-beginning', search))
    expect(sameBeginning).toEqual(limited)
    expect(limited.map(({ place }) => place)).toEqual(complete.map(({ place }) => place))
    // The connections have no timeout afterwards.
    const { rows } = await app.pool.query('SHOW statement_timeout')
    expect(rows).toEqual([{ statement_timeout: '0' }])
  })

  it.each(['similar', 'similar-beginning'] as const)(
    'finds as many users (%s) after a block as after a deletion, if more match than are compared',
    async (way) => {
      const viewerId = newId()
      await app.pool.query(
        `INSERT INTO users (id, handle, handle_key, display_name, created_at) VALUES ($1, $2, $2, 'Zo', now())`,
        [viewerId, `zo_${way.length}`],
      )
      const search = {
        viewerId,
        typed: 'crowdsen7',
        folded: foldName('crowdsen7'),
        after: null,
        limit: 5_000,
      }
      const found = async () => {
        const { rows } = await app.pool.query<Found>({ ...searchStatement(way, search), name: '' })
        return rows.map(({ id }) => id).sort()
      }
      const before = await found()
      const other = before[0] ?? ''
      await app.pool.query(
        `INSERT INTO relationships (user_id, other_id, kind, since) VALUES ($1, $2, 'BLOCKED_BY', now())`,
        [viewerId, other],
      )
      const blocked = await found()
      await app.pool.query('DELETE FROM users WHERE id = $1', [other])
      expect(before).toContain(other)
      expect(blocked).not.toContain(other)
      expect(blocked).toEqual(await found())
    },
  )

  it('costs two statements for most queries', async () => {
    expect(await app.statements(() => search('crowdson'))).toHaveLength(2)
  })

  it.each([
    ['exact', 'users_handle_key_key'],
    ['prefix', 'search_keys_key_user_id_idx'],
    ['similar', 'users_search_name_idx'],
    ['similar-beginning', 'search_keys_key_user_id_idx'],
  ] as [Way, string][])('uses for the tier %s the index %s', async (way, index) => {
    const common = { viewerId: newId(), typed: 'lovelase', folded: foldName('lovelase'), limit: 21 }
    const place = way.startsWith('similar') ? '0.3' : 'lovelasex'
    for (const after of [null, { place, id: newId() }]) {
      const { text, values } = searchStatement(way, { ...common, after })
      const { rows } = await app.pool.query({ text: `EXPLAIN ${text}`, values })
      const plan = rows.map((row) => row['QUERY PLAN']).join('\n')
      expect(plan).toContain(index)
      expect(plan).not.toMatch(/Seq Scan on (users|search_keys)/)
    }
  })
})
