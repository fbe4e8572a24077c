import fc from 'fast-check'
import { parse } from 'graphql'
import { createDocumentCache } from './document-cache.ts'

const documentOf = (literal: string) => parse(`{ user(id: ${JSON.stringify(literal)}) { id } }`)

describe('the document cache', () => {
  it('returns a document that was stored', () => {
    const cache = createDocumentCache()
    const document = documentOf('a')
    cache.set('a', document)
    expect([cache.get('a'), cache.get('b')]).toEqual([document, undefined])
  })

  it('does not store documents with a long literal or many tokens', () => {
    const cache = createDocumentCache()
    cache.set('long', documentOf('x'.repeat(1_000_000)))
    cache.set('dense', parse(`{ ${'id '.repeat(2_000)} }`))
    expect([cache.get('long'), cache.get('dense')]).toEqual([undefined, undefined])
  })

  it('evicts the oldest documents and never exceeds its size in bytes', () => {
    const lengths = fc.array(fc.integer({ min: 0, max: 3_000 }), { minLength: 1, maxLength: 60 })
    fc.assert(
      fc.property(lengths, (all) => {
        const cache = createDocumentCache(20_000, 10_000)
        for (const [index, length] of all.entries()) cache.set(`${index}`, documentOf('x'.repeat(length)))
        const kept = all.filter((_, index) => cache.get(`${index}`))
        expect(kept.reduce((sum, length) => sum + 2 * length, 0)).toBeLessThanOrEqual(20_000)
      }),
    )
  })
})
