import { buildSubgraphSchema } from '@apollo/subgraph'
import { parse } from 'graphql'
import { createKeyReader } from './entity-keys.ts'

const reader = (types: string) =>
  createKeyReader(
    buildSubgraphSchema([
      {
        typeDefs: parse(`
          extend schema @link(url: "https://specs.apollo.dev/federation/v2.9",
            import: ["@key", "@external", "@requires"])
          type Query { anything: Int }
          ${types}
        `),
      },
    ]),
  )
const keyOf = reader(`
  type User @key(fields: "id") { id: ID! name: String }
  type Place @key(fields: "street city") @key(fields: "code") { street: String city: String code: ID }
  type Note { id: ID! }
`)

describe('an entity representation', () => {
  it.each([
    [
      { __typename: 'User', id: 'u', name: 'forged', relationship: 'SELF', ownerId: 'u' },
      { __typename: 'User', id: 'u' },
    ],
    [
      { __typename: 'User', id: 5 },
      { __typename: 'User', id: '5' },
    ],
    [
      { __typename: 'Place', code: 'c', city: 'Bern' },
      { __typename: 'Place', code: 'c' },
    ],
    [
      { __typename: 'Place', code: 'c', city: 'Bern', street: 's' },
      { __typename: 'Place', city: 'Bern', street: 's' },
    ],
  ])('%j is reduced to %j', (representation, key) => {
    expect(keyOf(representation)).toEqual(key)
  })

  it.each([
    null,
    'User',
    [],
    {},
    { __typename: 'User' },
    { __typename: 'User', id: null },
    { __typename: 'User', id: { toString: 'x' } },
    { __typename: 'User', id: ['u'] },
    { __typename: 'Note', id: 'n' },
    { __typename: 'Query', id: 'n' },
    { __typename: 'constructor', id: 'n' },
    { __typename: ['User'], id: 'u' },
  ])('%j is refused as bad input', (representation) => {
    expect(() => keyOf(representation)).toThrow(
      expect.objectContaining({ extensions: { code: 'BAD_USER_INPUT' } }),
    )
  })
})

describe('a subgraph does not start if its schema', () => {
  it('requires values that the gateway copies from another service', () => {
    const types = `type User @key(fields: "id") {
      id: ID! rank: Int @external posts: Int @requires(fields: "rank")
    }`
    expect(() => reader(types)).toThrow('User.posts must not rely on @requires')
  })

  it('has a nested key', () => {
    const types = 'type A @key(fields: "b { id }") { b: B } type B { id: ID! }'
    expect(() => reader(types)).toThrow('the key of A must name plain fields')
  })
})
