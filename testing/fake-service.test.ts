import { confirm, createFakeService, onRealSchema } from './fake-service.ts'

const byBlog = { kind: 'service', service: 'blog' } as const
const USERS = 'query ($ids: [ID!]!) { usersByIds(ids: $ids) { id handle } }'
const ann = { id: 'a', handle: 'ann', displayName: 'Ann' }

describe('a fake service with resolvers', () => {
  const ask = (user: object) =>
    createFakeService('communication', { Query: { usersByIds: () => [user] } }).execute(
      { query: USERS, variables: { ids: ['a'] } },
      byBlog,
    )

  it('answers with what its resolvers return', async () => {
    expect(await ask(ann)).toEqual({ data: { usersByIds: [{ id: 'a', handle: 'ann' }] } })
  })

  it.each([
    ['has a field that the real schema lacks', { ...ann, email: 'ann@example.org' }],
    ['lacks a required field', { id: 'a' }],
  ])('answers with an error if an answer %s', async (_what, user) => {
    expect(await ask(user)).toMatchObject({ errors: [expect.anything()] })
  })

  it('cannot have a field that the real schema lacks', () => {
    expect(() => createFakeService('communication', { Query: { everyUser: () => [] } })).toThrow(/everyUser/)
  })
})

describe('a function on the real schema of a service', () => {
  const ask = (query: string, data: Record<string, unknown>, variables = {}) =>
    onRealSchema('communication', async () => ({ data }))({ query, variables })

  it('answers as the function does, and leaves out what the request does not select', async () => {
    const answered = await ask(USERS, { usersByIds: [ann, null], friendIdsOf: ['b'] }, { ids: ['a', 'b'] })
    expect(answered).toEqual({ data: { usersByIds: [{ id: 'a', handle: 'ann' }, null] } })
  })

  it.each<[string, string, Record<string, unknown>]>([
    ['the request has an unknown field', '{ everyUser { id } }', { everyUser: [] }],
    ['a variable is missing', USERS, { usersByIds: [] }],
    [
      'the answer has an unknown field',
      '{ usersByIds(ids: []) { id } }',
      { usersByIds: [{ id: 'a', age: 9 }] },
    ],
    ['the answer lacks a required field', '{ usersByIds(ids: []) { id } }', { usersByIds: [{}] }],
    ['a value is no object', '{ usersByIds(ids: []) { id } }', { usersByIds: ['a'] }],
    [
      'a value is not one of its enum',
      '{ relationshipsOf(userIds: []) { relationship } }',
      { relationshipsOf: [{ relationship: 'FAN' }] },
    ],
  ])('answers with an error if %s', async (_what, query, data) => {
    expect((await ask(query, data)).errors).toHaveLength(1)
  })

  it('confirms every operation of a request', async () => {
    const query = 'mutation ($input: UnregisterMediaInput!) { unregisterMedia(input: $input) }'
    const answer = onRealSchema('communication', confirm)
    expect(await answer({ query, variables: { input: { mediaId: 'm' } } })).toEqual({
      data: { unregisterMedia: true },
    })
  })
})
