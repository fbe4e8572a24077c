import { buildSchema, parse } from 'graphql'
import { type Approval, markReleased, parseApproval } from './contract/approvals.ts'
import {
  type Contract,
  findContractFaults,
  findInvalidOperations,
  findReleaseObstacles,
  readContract,
} from './contract/contract.ts'

describe('api.graphql', () => {
  const contract = readContract()

  it('breaks no client of the released schema without an approval, and no approval is stale', async () => {
    expect(await findContractFaults(contract)).toEqual([])
  })

  it('is known to have consumers, whose operations are valid for the released schema', () => {
    expect(contract.operations).not.toEqual([])
    expect(findInvalidOperations(contract.operations, contract.released)).toEqual([])
  })
})

const RELEASED = `
  enum State { OPEN DONE }
  input Filter { text: String }
  interface Named { name: String }
  type Film implements Named { name: String length: Int }
  type Song implements Named { name: String state: State }
  union Item = Film | Song
  type Query { film: Film song: Song item: Item named: Named find(filter: Filter, first: Int = 1): Int }`

const OPERATIONS = {
  'tv/film.graphql': '{ film { name } }',
  'tv/item.graphql': '{ item { ... on Film { length } } }',
  'radio/song.graphql': '{ song { state } }',
  'radio/named.graphql': '{ named { ...Label } } fragment Label on Named { name }',
  'web/find.graphql': 'query ($filter: Filter) { find(filter: $filter, first: 2) }',
}

/** A contract whose current schema is the released one with a text replaced. */
function changed(from: string, to: string, approvals: Approval[] = []): Contract {
  expect(RELEASED).toContain(from)
  return {
    released: buildSchema(RELEASED),
    current: buildSchema(RELEASED.replace(from, to)),
    operations: Object.entries(OPERATIONS).map(([name, text]) => ({ name, document: parse(text) })),
    approvals,
  }
}

const APPROVAL = `---
approved: 2026-01-10
removal: 2026-03-01
---

# Remove the length of films

## Reason

Nobody shows it.

## Changes

- Field 'length' was removed from object type 'Film'
`
const approval = parseApproval('2026-01-10-film-length.md', APPROVAL)
const [withLength, withoutLength] = ['name: String length: Int', 'name: String']

describe('a change of the released schema', () => {
  it.each([
    ['a type', 'type Query', 'type Album { id: ID } type Query'],
    ['an enum value', 'OPEN DONE', 'OPEN DONE LATE'],
    ['an argument that may be left out', 'first: Int = 1', 'first: Int = 1, after: ID'],
    ['an input field that may be left out', 'text: String', 'text: String year: Int'],
  ])('needs no approval where it adds %s', async (_what, from, to) => {
    expect(await findContractFaults(changed(from, to))).toEqual([])
  })

  it.each([
    ['a field', withLength, withoutLength, ['tv/item.graphql']],
    ['the type of a field', 'film: Film', 'film: [Film]', ['tv/film.graphql']],
    ['a field of an interface', 'Named { name: String }', 'Named { title: String }', ['radio/named.graphql']],
    ['an enum value that an operation reads', 'OPEN DONE', 'OPEN', ['radio/song.graphql']],
    ['a member of a union', 'Film | Song', 'Film', ['tv/item.graphql']],
    ['an argument', ', first: Int = 1', '', ['web/find.graphql']],
    ['the default of an argument', 'first: Int = 1', 'first: Int = 2', ['web/find.graphql']],
    ['a new required argument', 'first: Int = 1', 'first: Int = 1, year: Int!', ['web/find.graphql']],
    ['a field of an input', 'text: String', 'title: String', ['web/find.graphql']],
    ['a new required field of an input', 'text: String', 'text: String year: Int!', ['web/find.graphql']],
  ])(
    'fails without an approval and names the operations that it breaks: %s',
    async (_what, from, to, broken) => {
      const faults = await findContractFaults(changed(from, to))
      const named = faults.flatMap((fault) => fault.match(/[a-z]+\/[a-z]+\.graphql/g) ?? [])
      expect(faults.every((fault) => fault.startsWith('Not approved, and breaks '))).toBe(true)
      expect(faults).not.toEqual([])
      expect([...new Set(named)]).toEqual(broken)
    },
  )

  it('says so where it breaks no known operation', async () => {
    expect(await findContractFaults({ ...changed('song: Song', ''), operations: [] })).toEqual([
      "Not approved, and breaks no known operation of a consumer: Field 'song' was removed from object type 'Query'",
    ])
  })

  it('passes with an approval that repeats its description', async () => {
    expect(await findContractFaults(changed(withLength, withoutLength, [approval]))).toEqual([])
  })

  it('is not approved by an approval of another change, which is stale', async () => {
    expect(await findContractFaults(changed('song: Song', '', [approval]))).toEqual([
      expect.stringMatching(/^Not approved, and breaks radio.song.graphql: .*'song'/),
      expect.stringMatching(/^Stale: 2026-01-10-film-length.md approves .*'length'/),
    ])
  })

  it('is not approved by an approval that was released before, which is not stale', async () => {
    const released = parseApproval(approval.file, markReleased(APPROVAL, '2026-03-02'))
    expect(released).toEqual({ ...approval, released: '2026-03-02' })
    expect(await findContractFaults(changed('song: Song', 'song: Song', [released]))).toEqual([])
    expect(await findContractFaults(changed(withLength, withoutLength, [released]))).toHaveLength(1)
  })
})

describe('a release', () => {
  const contract = changed(withLength, withoutLength, [approval])

  it('waits for the removal date and for the consumers', async () => {
    expect(await findReleaseObstacles(contract, '2026-02-28')).toEqual([
      'Too early: 2026-01-10-film-length.md allows the removal from 2026-03-01 on',
      expect.stringMatching(/^Not valid: tv\/item\.graphql: .*"length"/),
    ])
    const operations = contract.operations.filter(({ name }) => name !== 'tv/item.graphql')
    expect(await findReleaseObstacles({ ...contract, operations }, '2026-03-01')).toEqual([])
  })

  it('is not made of changes that nobody approved', async () => {
    const obstacles = await findReleaseObstacles({ ...contract, operations: [], approvals: [] }, '2026-03-01')
    expect(obstacles).toEqual([expect.stringMatching(/^Not approved, /)])
  })
})

describe('an approval is refused', () => {
  it.each([
    ['without dates', APPROVAL.replace(/^---.*---\n/s, ''), 'front matter'],
    ['with a day that does not exist', APPROVAL.replace('2026-03-01', '2026-02-30'), 'removal'],
    [
      'with a removal before the approval',
      APPROVAL.replace('2026-03-01', '2026-01-01'),
      'before the approval',
    ],
    ['with an unknown property', APPROVAL.replace('removal:', 'expires: 2026-03-01\nremoval:'), 'expires'],
    ['without a reason', APPROVAL.replace('Nobody shows it.', ''), '"Reason"'],
    ['without changes', APPROVAL.replace(/^- .*$/m, ''), '"Changes"'],
  ])('%s', (_what, text, message) => {
    expect(() => parseApproval('2026-01-10-film-length.md', text)).toThrow(message)
  })

  it('under the name of another day', () => {
    expect(() => parseApproval('2026-01-11-film-length.md', APPROVAL)).toThrow('2026-01-10-')
  })
})
