import { readFileSync } from 'node:fs'
import { buildSchema, parse, validate } from 'graphql'
import { ALIAS_RESERVED, reservedNames, responseNameRule } from './response-names.ts'

const file = (name: string) => readFileSync(new URL(`../schema/${name}`, import.meta.url), 'utf8')

function aliasesRefused(api: string, supergraph: string, query: string): string[] {
  const reserved = reservedNames(parse(supergraph))
  const errors = validate(buildSchema(api), parse(query), [responseNameRule(() => reserved)])
  expect(errors.map(({ extensions }) => extensions.code)).toEqual(errors.map(() => ALIAS_RESERVED))
  return errors.map(({ message }) => /alias "(\w+)" of (\w+\.\w+)/.exec(message)?.slice(1).join(' of ') ?? '')
}

const refused = (query: string) => aliasesRefused(file('api.graphql'), file('supergraph.graphql'), query)

describe('the rule for reserved response names', () => {
  it.each([
    ['on the type itself', '{ viewer { id: displayName } }', ['id of User.displayName']],
    [
      'deep inside',
      '{ post(id: "1") { author { friends { edges { node { id: handle moblog { id } } } } } } }',
      ['id of User.handle'],
    ],
    [
      'in a fragment',
      '{ viewer { ...Named } } fragment Named on User { id: displayName }',
      ['id of User.displayName'],
    ],
    ['in an inline fragment', '{ viewer { ... { ... on User { id: about } } } }', ['id of User.about']],
    [
      'under a directive',
      'query ($no: Boolean!) { viewer { id: about @include(if: $no) } }',
      ['id of User.about'],
    ],
    [
      'in a subscription',
      'subscription { notificationReceived { ... on PostLiked { by { id: displayName } } } }',
      ['id of User.displayName'],
    ],
    [
      'in a mutation',
      'mutation { signOut { ... on SignOutPayload { user { id: displayName } } } }',
      ['id of User.displayName'],
    ],
    ['of an object', '{ post(id: "1") { media { id: access { token } } } }', ['id of Media.access']],
    ['that is the name of the type', '{ viewer { __typename: handle } }', ['__typename of User.handle']],
    [
      'on an interface, as the name of the type',
      '{ notification(id: "1") { __typename: createdAt } }',
      ['__typename of Notification.createdAt'],
    ],
  ])('%s', (_where, query, expected) => {
    expect(refused(query)).toEqual(expected)
  })

  it.each([
    'of the same field: { viewer { id: id name: displayName } }',
    'on types without a key: { viewer { friends { edges { id: cursor } } } }',
    'that no service needs: { viewer { relationship: displayName moblog { title } } }',
  ])('accepts other aliases, such as one %s', (text) => {
    expect(refused(text.slice(text.indexOf('{')))).toEqual([])
  })

  it('names the alias and suggests another one', () => {
    const [error] = validate(buildSchema(file('api.graphql')), parse('{ viewer { id: displayName } }'), [
      responseNameRule(() => reservedNames(parse(file('supergraph.graphql')))),
    ])
    expect(error?.message).toBe(
      'The alias "id" of User.displayName is reserved for the field "id", by which services find objects. ' +
        'Choose another alias, such as "idAlias", or none.',
    )
  })
})

describe('the reserved names of any supergraph', () => {
  const supergraph = `
    type Query { shop: Shop thing: Thing either: Either }
    interface Thing @join__type(graph: A, key: "code") { code: ID! label: String }
    union Either = Shop | Box
    type Box implements Thing @join__type(graph: A, key: "code") { code: ID! label: String weight: Int }
    type Shop implements Thing
      @join__type(graph: A, key: "code")
      @join__type(graph: B, key: "place { street city { zip } }") {
      code: ID!
      label: String
      place: Place
      tax: Int @join__field(graph: B, requires: "rate ... on Shop { place { country } }")
      rate: Int
    }
    type Place { street: String city: City country: String note: String }
    type City { zip: String name: String }
  `
  const api = supergraph.replace(/@join__\w+\((?:[^()"]|"[^"]*")*\)/g, '')

  it.each([
    ['{ shop { code: label } }', ['code of Shop.label']],
    ['{ shop { place: label rate: label } }', ['place of Shop.label', 'rate of Shop.label']],
    [
      '{ shop { place { street: note country: note city { zip: name } } } }',
      ['street of Place.note', 'country of Place.note', 'zip of City.name'],
    ],
    ['{ thing { code: label rate: label } }', ['code of Thing.label', 'rate of Thing.label']],
    [
      '{ either { ... on Thing { code: label } ... on Box { code: weight } } }',
      ['code of Thing.label', 'code of Box.weight'],
    ],
    ['{ shop { tax: label } thing { note: label } }', []],
  ])('%s', (query, expected) => {
    expect(aliasesRefused(api, supergraph, query)).toEqual(expected)
  })
})
