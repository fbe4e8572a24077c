import { buildSchema, getOperationAST, parse, validate } from 'graphql'
import { documentOf, eventQuery } from './event-query.ts'

const schema = buildSchema(`
  type Notification { id: ID! actor: User }
  type User { id: ID! friends(first: Int): [User!] }
  type Query { viewer: User notification(id: ID!): Notification }
  type Mutation { signOut: Boolean }
  type Subscription { notificationReceived(after: ID): Notification! }
`)

const DOCUMENTS: [string, string, string | null][] = [
  ['plain', 'subscription { notificationReceived { id } }', null],
  [
    'through a fragment on Subscription',
    'subscription { ...F } fragment F on Subscription { notificationReceived { id } }',
    null,
  ],
  [
    'through fragments of fragments',
    'subscription { ...F } fragment F on Subscription { ...G } fragment G on Subscription { n: notificationReceived { ...N } } fragment N on Notification { id }',
    null,
  ],
  [
    'through an inline fragment',
    'subscription { ... on Subscription { notificationReceived { id } } }',
    null,
  ],
  [
    'next to other operations with fragments of their own',
    'subscription A { notificationReceived { id } } query B { viewer { ...U } } mutation C { signOut } fragment U on User { id }',
    'A',
  ],
  [
    'with a variable that has the name of the generated id variable',
    'subscription($moblogNotificationId: Int) { notificationReceived { actor { friends(first: $moblogNotificationId) { id } } } }',
    null,
  ],
  [
    'after a position',
    'subscription($after: ID, $first: Int) { notificationReceived(after: $after) { actor { friends(first: $first) { id } } } }',
    null,
  ],
]

describe('the query of one event of a subscription', () => {
  it.each(DOCUMENTS)('is valid for a subscription %s', (_how, text, operationName) => {
    const document = parse(text)
    const operation = getOperationAST(document, operationName)
    if (!operation) throw new Error('the test names no operation')
    expect(validate(schema, document)).toEqual([])
    const { query, idVariable } = eventQuery(documentOf(document, operation), operation)
    expect(validate(schema, parse(query))).toEqual([])
    expect(query).toContain(`notification(id: $${idVariable})`)
  })
})
