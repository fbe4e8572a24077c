import { getIntrospectionQuery, parse } from 'graphql'
import { documentFault } from './document-limits.ts'

const faultOf = (query: string) => documentFault(parse(query))
const times = (count: number, text: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => text(index)).join(' ')

describe('a document that would take long to validate', () => {
  it.each([
    ['a field that is repeated', `{ viewer { ${times(2_000, () => 'id')} } }`, 'selects "id" too many times'],
    [
      'repeated objects, merged',
      `{ ${times(700, () => 'viewer { moblog { id } }')} }`,
      'selects "viewer" too many times',
    ],
    ['very many fields', `{ ${times(4_000, (index) => `a${index}`)} }`, 'more than 3000 fields'],
    [
      'fragments that multiply',
      `{ viewer { ...F0 } } ${times(20, (n) => `fragment F${n} on User { a { ...F${n + 1} } b { ...F${n + 1} } }`)} fragment F20 on User { id }`,
      'more than',
    ],
    ['very many fragments', `{ id } ${times(200, (n) => `fragment F${n} on User { id }`)}`, '200 fragments'],
    [
      'a chain of fragments',
      `{ viewer { ...F0 } } ${times(99, (n) => `fragment F${n} on User { id ...F${n + 1} ...F${n + 1} }`)} fragment F99 on User { id }`,
      'nests deeper than 50',
    ],
    [
      'a fragment that contains itself',
      '{ ...A } fragment A on Query { viewer { ...B } } fragment B on User { a { ...B } }',
      '"B" spreads itself',
    ],
    [
      'an unused circle of fragments',
      '{ id } fragment A on Q { ...B } fragment B on Q { ...A }',
      'spreads itself',
    ],
    ['many levels', `${'{ a '.repeat(60)}${'}'.repeat(60)}`, 'deeper than 50'],
    [
      'many levels of fragments without names',
      `{ ${'... { '.repeat(60)} a ${'}'.repeat(60)} }`,
      'deeper than 50',
    ],
  ])('is refused for %s', (_what, query, reason) => {
    const begun = performance.now()
    expect(faultOf(query)).toContain(reason)
    // Without the limits, some of these take seconds. The bound is generous because the machine may be busy.
    expect(performance.now() - begun).toBeLessThan(1_000)
  })
})

describe('an ordinary document', () => {
  it.each([
    ['introspection', getIntrospectionQuery({ inputValueDeprecation: true, schemaDescription: true })],
    ['a fragment in several places', '{ a { ...F b { ...F } } c { ...F } } fragment F on User { id }'],
  ])('is accepted: %s', (_what, query) => {
    expect(faultOf(query)).toBeNull()
  })
})
