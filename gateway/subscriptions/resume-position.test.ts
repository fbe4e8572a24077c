import { getOperationAST, parse } from 'graphql'
import { documentOf } from './event-query.ts'
import { resumePosition } from './resume-position.ts'

const position = (
  text: string,
  variables: Record<string, unknown> = {},
  operationName: string | null = null,
) => {
  const document = parse(text)
  const operation = getOperationAST(document, operationName)
  if (!operation) throw new Error('the test names no operation')
  return resumePosition(documentOf(document, operation), operation, variables)
}

const WITH_VARIABLE = 'subscription ($after: ID = "5") { notificationReceived(after: $after) { id } }'

it.each([
  ['without the argument', 'subscription { notificationReceived { id } }', {}, null],
  ['with a text', 'subscription { notificationReceived(after: "41") { id } }', {}, '41'],
  [
    'with a large number',
    'subscription { notificationReceived(after: 900719925474099311) { id } }',
    {},
    '900719925474099311',
  ],
  ['with null', 'subscription { notificationReceived(after: null) { id } }', {}, null],
  ['with a variable', WITH_VARIABLE, { after: '41' }, '41'],
  ['with a variable that is a number', WITH_VARIABLE, { after: 41 }, '41'],
  ['with a variable that is null', WITH_VARIABLE, { after: null }, null],
  ["with a variable's default", WITH_VARIABLE, {}, '5'],
  [
    'in a fragment',
    'subscription { ...F } fragment F on Subscription { n: notificationReceived(after: "41") { id } }',
    {},
    '41',
  ],
])('a subscription %s continues after its position', (_how, text, variables, expected) => {
  expect(position(text, variables)).toBe(expected)
})

it('the position of another operation of the document does not count', () => {
  const text =
    'subscription A { ...F } subscription B { notificationReceived { id } } fragment F on Subscription { notificationReceived(after: "41") { id } }'
  expect([position(text, {}, 'A'), position(text, {}, 'B')]).toEqual(['41', null])
})
