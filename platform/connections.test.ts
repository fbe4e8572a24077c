import { type PageRequest, readPageRequest, toConnection } from './connections.ts'

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
