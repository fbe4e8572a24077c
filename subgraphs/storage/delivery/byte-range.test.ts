import fc from 'fast-check'
import { allowsRange, matchesAny, readRange } from './byte-range.ts'

describe('the Range header', () => {
  it.each<[string | undefined, ReturnType<typeof readRange>]>([
    [undefined, null],
    ['bytes=0-1', { first: 0, last: 1 }],
    ['bytes=0-', { first: 0, last: 99 }],
    ['bytes=50-49', null],
    ['bytes=99-99', { first: 99, last: 99 }],
    ['bytes=90-1000', { first: 90, last: 99 }],
    ['bytes=-10', { first: 90, last: 99 }],
    ['bytes=-1000', { first: 0, last: 99 }],
    ['bytes=-0', 'UNSATISFIABLE'],
    ['bytes=100-', 'UNSATISFIABLE'],
    ['bytes=100-200', 'UNSATISFIABLE'],
    ['Bytes = 1 - 2', { first: 1, last: 2 }],
    ['bytes=0-1,5-6', null],
    ['bytes=-', null],
    ['bytes=a-b', null],
    ['seconds=0-1', null],
    [`bytes=0-${'9'.repeat(30)}`, null],
  ])('%p of a file of 100 bytes selects %p', (header, range) => expect(readRange(header, 100)).toEqual(range))

  it('never selects bytes outside the file', () => {
    fc.assert(
      fc.property(fc.nat(), fc.option(fc.nat(), { nil: '' }), fc.integer({ min: 1 }), (from, to, size) => {
        const range = readRange(`bytes=${from}-${to}`, size)
        if (range === null || range === 'UNSATISFIABLE') return
        expect(range.first).toBeLessThanOrEqual(range.last)
        expect(range.last).toBeLessThan(size)
      }),
    )
  })

  it('is ignored if If-Range names another version of the file', () => {
    expect(allowsRange(undefined, '"a"')).toBe(true)
    expect(allowsRange('"a"', '"a"')).toBe(true)
    expect(allowsRange('"b"', '"a"')).toBe(false)
    expect(allowsRange('W/"a"', '"a"')).toBe(false)
    expect(allowsRange('Sun, 06 Nov 1994 08:49:37 GMT', '"a"')).toBe(false)
  })
})

describe('the If-None-Match header', () => {
  it('matches one of several entity tags, weak tags and the wildcard', () => {
    expect(matchesAny('"x", W/"a"', '"a"')).toBe(true)
    expect(matchesAny('*', '"a"')).toBe(true)
    expect(matchesAny('"b"', '"a"')).toBe(false)
    expect(matchesAny(undefined, '"a"')).toBe(false)
  })
})
