import { ANONYMOUS, type Viewer } from '../../../platform/identity/caller.ts'
import { newId } from '../../../platform/ids.ts'
import {
  startTestCommunication,
  type TestCommunication,
  viewer,
} from '../../../testing/communication/communication.ts'

const VERBS = [
  'requestFriend',
  'cancelFriendRequest',
  'acceptFriendRequest',
  'declineFriendRequest',
  'unfriend',
  'blockUser',
  'unblockUser',
] as const
type Verb = (typeof VERBS)[number]

// All pairs of what two users can be to each other, as each of them sees it.
const CONSISTENT = [
  ['NONE', 'NONE'],
  ['FRIEND', 'FRIEND'],
  ['REQUEST_SENT', 'REQUEST_RECEIVED'],
  ['REQUEST_RECEIVED', 'REQUEST_SENT'],
  ['BLOCKED', 'absent'],
  ['absent', 'BLOCKED'],
]

let app: TestCommunication
let names = 0

beforeAll(async () => {
  app = await startTestCommunication()
})

afterAll(() => app.close())

const pair = async () => {
  const [a = '', b = ''] = await app.people(`friend${++names}`, `friend${++names}`)
  return [a, b] as const
}
const take = async (verb: Verb, caller: Viewer, userId: string) => {
  const payload = `${verb[0]?.toUpperCase()}${verb.slice(1)}Payload`
  const query = `mutation ($userId: ID!) {
    result: ${verb}(input: { userId: $userId }) {
      __typename
      ... on ${payload} { user { id relationship } }
      ... on InvalidInput { code message field }
      ... on RequestFailed { code message }
    }
  }`
  return (await app.ask(query, { userId }, caller)).data.result
}
const does = (userId: string, verb: Verb, otherId: string) => take(verb, viewer(userId), otherId)
const between = async (userId: string, otherId: string) => {
  const query = 'query ($id: ID!) { user(id: $id) { relationship } }'
  return (await app.ask(query, { id: otherId }, viewer(userId))).data.user?.relationship ?? 'absent'
}
const bothSides = async (a: string, b: string) => [await between(a, b), await between(b, a)]
const makeFriends = async (a: string, b: string) => {
  await does(a, 'requestFriend', b)
  await does(b, 'acceptFriendRequest', a)
}

describe('becoming friends', () => {
  it('takes a request and its acceptance', async () => {
    const [a, b] = await pair()
    expect((await does(a, 'requestFriend', b)).user).toEqual({ id: b, relationship: 'REQUEST_SENT' })
    expect(await bothSides(a, b)).toEqual(['REQUEST_SENT', 'REQUEST_RECEIVED'])
    expect((await does(b, 'acceptFriendRequest', a)).user).toEqual({ id: a, relationship: 'FRIEND' })
    expect(await bothSides(a, b)).toEqual(['FRIEND', 'FRIEND'])
  })

  it('happens when both users send a request, also at the same instant', async () => {
    for (let round = 0; round < 10; round++) {
      const [a, b] = await pair()
      const results = await Promise.all([does(a, 'requestFriend', b), does(b, 'requestFriend', a)])
      expect(results.map((result) => result.__typename)).toEqual(Array(2).fill('RequestFriendPayload'))
      expect(await bothSides(a, b)).toEqual(['FRIEND', 'FRIEND'])
    }
  })

  it('is idempotent at every step', async () => {
    const [a, b] = await pair()
    await Promise.all([does(a, 'requestFriend', b), does(a, 'requestFriend', b)])
    expect(await between(a, b)).toBe('REQUEST_SENT')
    await Promise.all([does(b, 'acceptFriendRequest', a), does(b, 'acceptFriendRequest', a)])
    await does(a, 'requestFriend', b)
    expect(await bothSides(a, b)).toEqual(['FRIEND', 'FRIEND'])
  })

  it('requires a received request', async () => {
    const [a, b] = await pair()
    expect(await does(a, 'acceptFriendRequest', b)).toMatchObject({ code: 'CONFLICT' })
    await does(a, 'requestFriend', b)
    expect(await does(a, 'acceptFriendRequest', b)).toMatchObject({ code: 'CONFLICT' })
  })
})

describe('a friend request', () => {
  it('can be cancelled and declined', async () => {
    const [a, b] = await pair()
    await does(a, 'requestFriend', b)
    expect((await does(a, 'cancelFriendRequest', b)).user).toEqual({ id: b, relationship: 'NONE' })
    await does(a, 'requestFriend', b)
    expect((await does(b, 'declineFriendRequest', a)).user).toEqual({ id: a, relationship: 'NONE' })
    expect(await bothSides(a, b)).toEqual(['NONE', 'NONE'])
    expect((await does(a, 'cancelFriendRequest', b)).user).toEqual({ id: b, relationship: 'NONE' })
    expect((await does(b, 'declineFriendRequest', a)).user).toEqual({ id: a, relationship: 'NONE' })
  })

  it('can be declined only by its receiver and cancelled only by its sender', async () => {
    const [a, b] = await pair()
    await does(a, 'requestFriend', b)
    await does(a, 'declineFriendRequest', b)
    await does(b, 'cancelFriendRequest', a)
    expect(await bothSides(a, b)).toEqual(['REQUEST_SENT', 'REQUEST_RECEIVED'])
  })

  it.each([
    ['cancelFriendRequest', 0],
    ['declineFriendRequest', 1],
  ] as const)(
    'that is accepted at the instant of %s becomes a friendship or nothing, and both answers agree',
    async (verb, side) => {
      for (let round = 0; round < 10; round++) {
        const ids = await pair()
        const [a, b] = ids
        await does(a, 'requestFriend', b)
        const [removal, acceptance] = await Promise.all([
          does(ids[side], verb, ids[1 - side] ?? ''),
          does(b, 'acceptFriendRequest', a),
        ])
        const [seen] = await bothSides(a, b)
        expect(await between(b, a)).toBe(seen)
        if (seen === 'FRIEND') expect([removal.code, acceptance.code]).toEqual(['CONFLICT', undefined])
        else expect([seen, removal.code, acceptance.code]).toEqual(['NONE', undefined, 'CONFLICT'])
      }
    },
  )

  it('to a user who is being deleted fails like one to an unknown user', async () => {
    for (let round = 0; round < 10; round++) {
      const [a, b] = await pair()
      const [asked] = await Promise.all([
        does(a, 'requestFriend', b),
        app.pool.query('DELETE FROM users WHERE id = $1', [b]),
      ])
      expect(['RequestFriendPayload', 'RequestFailed']).toContain(asked?.__typename)
      if (asked.code) expect(asked).toEqual(await does(a, 'requestFriend', newId()))
      expect((await app.pool.query('SELECT FROM relationships WHERE user_id = $1', [a])).rowCount).toBe(0)
    }
  })
})

describe('ending a friendship', () => {
  it('removes the relationship on both sides', async () => {
    const [a, b] = await pair()
    await makeFriends(a, b)
    expect((await does(b, 'unfriend', a)).user).toEqual({ id: a, relationship: 'NONE' })
    expect(await bothSides(a, b)).toEqual(['NONE', 'NONE'])
    expect((await does(b, 'unfriend', a)).user).toEqual({ id: a, relationship: 'NONE' })
  })

  it('by a block hides the blocking user', async () => {
    const [a, b] = await pair()
    await makeFriends(a, b)
    expect((await does(a, 'blockUser', b)).user).toEqual({ id: b, relationship: 'BLOCKED' })
    expect(await bothSides(a, b)).toEqual(['BLOCKED', 'absent'])
    expect(await does(a, 'requestFriend', b)).toMatchObject({ code: 'CONFLICT' })
    expect((await does(a, 'unfriend', b)).user).toEqual({ id: b, relationship: 'BLOCKED' })
  })

  it('by a block wins over a simultaneous request or acceptance', async () => {
    for (let round = 0; round < 10; round++) {
      const [a, b] = await pair()
      if (round % 2) await does(a, 'requestFriend', b)
      const verb = round % 2 ? 'acceptFriendRequest' : 'requestFriend'
      await Promise.all([does(b, verb, a), does(a, 'blockUser', b)])
      expect(await bothSides(a, b)).toEqual(['BLOCKED', 'absent'])
    }
  })

  it('by two simultaneous blocks keeps only the first block', async () => {
    const [a, b] = await pair()
    const results = await Promise.all([does(a, 'blockUser', b), does(b, 'blockUser', a)])
    expect(results.map((result) => result.code ?? 'done').sort()).toEqual(['NOT_FOUND', 'done'])
  })
})

describe('unblocking', () => {
  it('removes the relationship and shows the blocking user again', async () => {
    const [a, b] = await pair()
    await makeFriends(a, b)
    await does(a, 'blockUser', b)
    expect((await does(a, 'unblockUser', b)).user).toEqual({ id: b, relationship: 'NONE' })
    expect(await bothSides(a, b)).toEqual(['NONE', 'NONE'])
    expect((await does(a, 'unblockUser', b)).user).toEqual({ id: b, relationship: 'NONE' })
  })

  it('is possible only for the blocking user', async () => {
    const [a, b] = await pair()
    await does(a, 'blockUser', b)
    expect(await does(b, 'unblockUser', a)).toEqual(await does(b, 'unblockUser', newId()))
    expect(await bothSides(a, b)).toEqual(['BLOCKED', 'absent'])
  })
})

describe('a user who has blocked the viewer', () => {
  it('looks exactly like a user who does not exist', async () => {
    const [a, b] = await pair()
    await makeFriends(a, b)
    await does(a, 'blockUser', b)
    const unknownId = newId()
    for (const verb of VERBS) expect(await does(b, verb, a)).toEqual(await does(b, verb, unknownId))
    expect(await does(b, 'requestFriend', a)).toEqual({
      __typename: 'RequestFailed',
      code: 'NOT_FOUND',
      message: 'This user does not exist. Check the id.',
    })

    const { handle } = (await app.pool.query('SELECT handle FROM users WHERE id = $1', [a])).rows[0]
    const look = `query ($id: ID!, $handle: String!, $refs: [_Any!]!) {
      user(id: $id) { id }
      userByHandle(handle: $handle) { id }
      _entities(representations: $refs) { ... on User { id relationship } ... on Moblog { access { token } } }
    }`
    const seen = (id: string, name: string) => {
      const refs = [
        { __typename: 'User', id },
        { __typename: 'Moblog', id },
      ]
      return app.ask(look, { id, handle: name, refs }, viewer(b))
    }
    const absent = await seen(unknownId, 'unknown_handle')
    expect(await seen(a, handle)).toEqual({
      ...absent,
      data: { ...absent.data, _entities: [null, { access: null }] },
    })
  })
})

describe('the response time', () => {
  it.each(VERBS)(
    'of %s does not reveal who has blocked the viewer: no row is written or locked',
    async (verb) => {
      const [a, b] = await pair()
      await does(a, 'blockUser', b)
      const absent = await app.statements(() => does(b, verb, newId()))
      expect(await app.statements(() => does(b, verb, a))).toEqual(absent)
      expect(absent).toHaveLength(1)
      expect(absent[0]).not.toMatch(/INSERT|UPDATE/)
    },
  )
})

describe('simultaneous actions of two users', () => {
  it('end in a state that is consistent for both', async () => {
    for (let round = 0; round < 20; round++) {
      const [a, b] = await pair()
      const steps = Array.from({ length: 8 }, () => {
        const [who, whom] = Math.random() < 0.5 ? [a, b] : [b, a]
        return does(who, VERBS[Math.floor(Math.random() * VERBS.length)] ?? 'requestFriend', whom)
      })
      const known = ['CONFLICT', 'NOT_FOUND', undefined]
      for (const { code } of await Promise.all(steps)) expect(known).toContain(code)
      expect(CONSISTENT).toContainEqual(await bothSides(a, b))
    }
  })
})

describe('a relationship mutation', () => {
  it.each(VERBS)('refuses %s of a signed-out viewer', async (verb) => {
    expect(await take(verb, ANONYMOUS, newId())).toEqual({
      __typename: 'RequestFailed',
      code: 'NOT_ALLOWED',
      message: 'Sign in first.',
    })
  })

  it.each(VERBS)("refuses %s with the viewer's own id or an invalid id", async (verb) => {
    const [a] = await pair()
    const wrong = { code: 'INVALID_INPUT', field: 'input.userId' }
    expect(await does(a, verb, a)).toMatchObject(wrong)
    expect(await does(a, verb, a.toUpperCase())).toMatchObject(wrong)
    expect(await does(a, verb, "' OR 1=1 --")).toMatchObject(wrong)
  })
})

describe('reading users', () => {
  it('costs one statement for any number of users and relationships', async () => {
    const ids = await app.people(...Array.from({ length: 50 }, () => `friend${++names}`))
    const [me = '', other = ''] = ids
    await makeFriends(me, other)
    const refs = ids.map((id) => ({ __typename: 'User', id }))
    const query =
      'query ($refs: [_Any!]!) { _entities(representations: $refs) { ... on User { handle relationship } } }'
    const statements = await app.statements(async () => {
      const { data } = await app.ask(query, { refs }, viewer(me))
      expect(data._entities.map((user: { relationship: string }) => user.relationship)).toEqual(
        ids.map((id) => (id === me ? 'SELF' : id === other ? 'FRIEND' : 'NONE')),
      )
    })
    expect(statements).toHaveLength(1)
  })

  it('by handle costs one statement', async () => {
    const [a, b] = await pair()
    const { handle } = (await app.pool.query('SELECT handle FROM users WHERE id = $1', [b])).rows[0]
    const query = 'query ($handle: String!) { userByHandle(handle: $handle) { id displayName relationship } }'
    const statements = await app.statements(async () => {
      const { data } = await app.ask(query, { handle: handle.toUpperCase() }, viewer(a))
      expect(data.userByHandle).toMatchObject({ id: b, relationship: 'NONE' })
    })
    expect(statements).toHaveLength(1)
  })

  it('returns null for invalid handles and ids without a statement', async () => {
    const query = '{ userByHandle(handle: "no such!") { id } user(id: "1") { id } viewer { id } }'
    const statements = await app.statements(async () => {
      const { data } = await app.ask(query, {}, ANONYMOUS)
      expect(data).toEqual({ userByHandle: null, user: null, viewer: null })
    })
    expect(statements).toHaveLength(0)
  })
})
