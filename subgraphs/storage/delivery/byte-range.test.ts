import fc from 'fast-check'
import { allowsRange, matchesAny, readRange } from './byte-range.ts'

describe('Range', () => {
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
  ])('%p of 100 bytes is %p', (header, range) => expect(readRange(header, 100)).toEqual(range))

  it('never reaches outside the file', () => {
    fc.assert(
      fc.property(fc.nat(), fc.option(fc.nat(), { nil: '' }), fc.integer({ min: 1 }), (from, to, size) => {
        const range = readRange(`bytes=${from}-${to}`, size)
        if (range === null || range === 'UNSATISFIABLE') return
        expect(range.first).toBeLessThanOrEqual(range.last)
        expect(range.last).toBeLessThan(size)
      }),
    )
  })

  it('holds only for the file that the client has a part of', () => {
    expect(allowsRange(undefined, '"a"')).toBe(true)
    expect(allowsRange('"a"', '"a"')).toBe(true)
    expect(allowsRange('"b"', '"a"')).toBe(false)
    expect(allowsRange('W/"a"', '"a"')).toBe(false)
    expect(allowsRange('Sun, 06 Nov 1994 08:49:37 GMT', '"a"')).toBe(false)
  })
})

describe('If-None-Match', () => {
  it('names an entity tag among others, weakly or all', () => {
    expect(matchesAny('"x", W/"a"', '"a"')).toBe(true)
    expect(matchesAny('*', '"a"')).toBe(true)
    expect(matchesAny('"b"', '"a"')).toBe(false)
    expect(matchesAny(undefined, '"a"')).toBe(false)
  })
})
