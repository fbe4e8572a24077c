import fc from 'fast-check'
import type { Upload } from '../uploads/uploads.ts'
import {
  type Draft,
  emptyDraft,
  MOST_CHARACTERS,
  MOST_ITEMS,
  moveItem,
  obstacle,
  readDraft,
  withItems,
  withoutItem,
} from './draft.ts'
import { readinessOf } from './media-ids.ts'

const item = (name: string) => ({ uploadId: name, mediaId: null, name, altText: '' })
const draftOf = (...names: string[]): Draft => withItems(emptyDraft('1'), names.map(item))
const names = ({ items }: Draft) => items.map(({ name }) => name)

describe('the media of a draft', () => {
  it('keep their order and can be moved', () => {
    expect(names(moveItem(draftOf('a', 'b', 'c'), 0, 2))).toEqual(['b', 'c', 'a'])
    expect(names(moveItem(draftOf('a', 'b', 'c'), 2, -5))).toEqual(['c', 'a', 'b'])
    expect(names(withoutItem(draftOf('a', 'b', 'c'), 1))).toEqual(['a', 'c'])
  })

  it('are all still there after any movement, each once', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1, max: 9 }), fc.integer({ min: -20, max: 20 }), (from, to) => {
        const draft = draftOf('a', 'b', 'c', 'd')
        expect([...names(moveItem(draft, from, to))].sort()).toEqual(['a', 'b', 'c', 'd'])
      }),
    )
  })

  it('are at most as many as a post shows', () => {
    expect(draftOf(...Array.from({ length: 14 }, (_, index) => `${index}`)).items).toHaveLength(MOST_ITEMS)
  })
})

describe('publishing', () => {
  it('needs a text or media, and a text that is not too long', () => {
    expect(obstacle(emptyDraft('1'))).toBe('EMPTY')
    expect(obstacle({ ...emptyDraft('1'), text: ' \n' })).toBe('EMPTY')
    expect(obstacle(draftOf('a'))).toBeNull()
    expect(obstacle({ ...emptyDraft('1'), text: '😀'.repeat(MOST_CHARACTERS) })).toBeNull()
    expect(obstacle({ ...emptyDraft('1'), text: 'a'.repeat(MOST_CHARACTERS + 1) })).toBe('TOO_LONG')
  })

  const uploads: Record<string, Partial<Upload>> = {
    stored: { state: 'STORED', mediaId: 'm1' },
    sending: { state: 'SENDING', mediaId: null },
    failed: { state: 'FAILED', mediaId: null },
  }
  const find = (id: string) => (uploads[id] as Upload | undefined) ?? null

  it.each([
    [['stored'], { kind: 'READY', mediaIds: ['m1'] }],
    [['stored', 'sending'], { kind: 'ON_THEIR_WAY' }],
    [['stored', 'failed'], { kind: 'FAILED' }],
    [['unknown'], { kind: 'FAILED' }],
    [[], { kind: 'READY', mediaIds: [] }],
  ])('of media that are %j is %j', (ids, expected) => {
    expect(readinessOf(draftOf(...ids), find)).toEqual(expected)
  })
})

describe('a kept draft', () => {
  it('is read as it was written', () => {
    const draft: Draft = { ...draftOf('a'), text: '你好', audience: 'ONLY_ME' }
    expect(readDraft(JSON.stringify(draft))).toEqual(draft)
  })

  it.each([null, '', 'null', '{}', '{"text":1}', '[]'])('that is %j is none', (text) => {
    expect(readDraft(text)).toBeNull()
  })
})
