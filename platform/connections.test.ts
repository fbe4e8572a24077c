import { type PageRequest, readInstant, readPageRequest, toConnection } from './connections.ts'

const rows = [3, 2, 1].map((n) => ({ n }))
const page = (request: PageRequest) =>
  toConnection(
    rows,
    request,
    'numbers',
    ({ n }) => [String(n)],
    ({ n }) => n,
  )

describe('a connection', () => {
  it('omits the extra row, which only shows that there is a next page', () => {
    const { edges, pageInfo } = page({ first: 2, after: null })
    expect(edges.map(({ node }) => node)).toEqual([3, 2])
    expect(pageInfo).toEqual({ hasNextPage: true, endCursor: edges[1]?.cursor })
  })

  it('continues from its own cursor', () => {
    const { pageInfo } = page({ first: 2, after: null })
    expect(readPageRequest({ first: 5, after: pageInfo.endCursor }, 'numbers')).toEqual({
      first: 5,
      after: ['2'],
    })
  })

  it('has 20 items by default', () => {
    expect(readPageRequest({}, 'numbers')).toEqual({ first: 20, after: null })
  })

  it.each([[{ first: 0 }], [{ first: 101 }], [{ after: 'garbage' }], [{ after: 'W10' }], [{ after: '' }]])(
    'refuses the arguments %j',
    (args) => {
      expect(() => readPageRequest(args, 'numbers')).toThrow(
        expect.objectContaining({ name: 'VisibleError' }),
      )
    },
  )

  it("refuses another list's cursor", () => {
    const { endCursor } = page({ first: 1, after: null }).pageInfo
    expect(() => readPageRequest({ after: endCursor }, 'letters')).toThrow('not a cursor of this list')
  })
})

describe('an instant in a cursor', () => {
  it('is read as it was written', () => {
    const written = new Date(Date.UTC(2026, 10, 26, 12, 30, 1, 5)).toISOString()
    expect(readInstant(written)).toBe(written)
  })

  it.each([
    '',
    '2026',
    'Thu',
    '0000-01-01T00:00:00.000Z',
    '2026-02-30T00:00:00.000Z',
    '+020026-01-01T00:00:00.000Z',
  ])('is refused if it is %j', (text) => {
    expect(() => readInstant(text)).toThrow('not a cursor of this list')
  })
})
