import fc from 'fast-check'
import type { Upload } from '../uploads/uploads.ts'
import { LONGEST_LABEL } from './captions-file.ts'
import {
  AUDIENCES,
  type Draft,
  draftItem,
  emptyDraft,
  isUntouched,
  LIFETIMES,
  LONGEST_ALT_TEXT,
  LONGEST_WARNING,
  MOST_CHARACTERS,
  MOST_ITEMS,
  moveItem,
  obstacle,
  readDraft,
  withChangedItem,
  withItems,
  withoutItem,
} from './draft.ts'
import { failedPlaces, readinessOf } from './media-ids.ts'

const draftOf = (...names: string[]): Draft =>
  withItems(
    emptyDraft('1'),
    names.map((name) => draftItem(name, name)),
  )
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
    const warned = (length: number) => ({ ...draftOf('a'), contentWarning: '😀'.repeat(length) })
    expect([LONGEST_WARNING, LONGEST_WARNING + 1].map((length) => obstacle(warned(length)))).toEqual([
      null,
      'WARNING_TOO_LONG',
    ])
  })

  it('needs descriptions and names of captions that are not too long', () => {
    const described = (length: number) =>
      obstacle(withChangedItem(draftOf('a', 'b'), 1, { altText: '😀'.repeat(length) }))
    expect([LONGEST_ALT_TEXT, LONGEST_ALT_TEXT + 1].map(described)).toEqual([null, 'ITEM_TOO_LONG'])
    const captioned = (length: number) => {
      const captions = [{ id: '1', fileName: 'a.vtt', language: 'en', label: '😀'.repeat(length) }]
      return obstacle(withChangedItem(draftOf('a', 'b'), 1, { captions }))
    }
    expect([LONGEST_LABEL, LONGEST_LABEL + 1].map(captioned)).toEqual([null, 'ITEM_TOO_LONG'])
  })

  it('needs an audience list for the audiences that use one', () => {
    const draft = draftOf('a')
    const obstacles = AUDIENCES.map((audience) => [audience, obstacle({ ...draft, audience })])
    expect(Object.fromEntries(obstacles)).toEqual({
      FRIENDS: null,
      PUBLIC: null,
      ONLY_LIST: 'NO_LIST',
      EXCEPT_LIST: 'NO_LIST',
      ONLY_ME: null,
    })
    expect(obstacle({ ...draft, audience: 'ONLY_LIST', audienceListId: 'l' })).toBeNull()
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

  it('names the places of the media that will not arrive', () => {
    expect(failedPlaces(draftOf('stored', 'failed', 'sending', 'unknown'), find)).toEqual([1, 3])
    expect(failedPlaces(draftOf('stored', 'sending'), find)).toEqual([])
  })
})

const captions = fc.record({
  id: fc.uuid(),
  fileName: fc.string(),
  language: fc.constantFrom('en', 'zh-Hans'),
  label: fc.string(),
})
const drafts: fc.Arbitrary<Draft> = fc.record({
  text: fc.string(),
  contentWarning: fc.string(),
  audience: fc.constantFrom(...AUDIENCES),
  audienceListId: fc.option(fc.uuid()),
  lifetimeSeconds: fc.constantFrom(...LIFETIMES),
  items: fc.array(
    fc.record({
      uploadId: fc.option(fc.uuid()),
      mediaId: fc.option(fc.uuid()),
      isNewMedia: fc.boolean(),
      isRecorded: fc.boolean(),
      name: fc.string(),
      altText: fc.string(),
      captions: fc.array(captions, { maxLength: 3 }),
    }),
    { maxLength: MOST_ITEMS },
  ),
  clientMutationId: fc.uuid(),
  problem: fc.option(fc.string()),
})

describe('a kept draft', () => {
  it('is read as it was written', () => {
    fc.assert(fc.property(drafts, (draft) => expect(readDraft(JSON.stringify(draft))).toEqual(draft)))
  })

  it('of an earlier version gets what it lacks', () => {
    const items = [{ uploadId: 'u', mediaId: null, name: 'sea.jpg', altText: 'The sea' }]
    const old = { text: '你好', audience: 'ONLY_ME', items, clientMutationId: '1' }
    expect(readDraft(JSON.stringify(old))).toEqual({
      ...emptyDraft('1'),
      text: '你好',
      audience: 'ONLY_ME',
      items: [{ ...draftItem('sea.jpg', 'u'), altText: 'The sea' }],
    })
  })

  it('with values that this version does not know gets the usual ones', () => {
    const newer = { ...emptyDraft('1'), audience: 'FOLLOWERS', lifetimeSeconds: 5, items: [7, { name: 1 }] }
    expect(readDraft(JSON.stringify(newer))).toEqual(emptyDraft('1'))
  })

  it.each([null, '', 'null', '{}', '{"text":1}', '[]'])('that is %j is none', (text) => {
    expect(readDraft(text)).toBeNull()
  })

  it('is untouched until something is written or chosen', () => {
    const empty = emptyDraft('1')
    expect([empty, { ...empty, text: ' ' }].map(isUntouched)).toEqual([true, true])
    const touched: Draft[] = [
      { ...empty, text: 'a' },
      { ...empty, contentWarning: 'a' },
      { ...empty, audience: 'PUBLIC' },
      { ...empty, audienceListId: 'l' },
      { ...empty, lifetimeSeconds: 3_600 },
      draftOf('a'),
    ]
    expect(touched.map(isUntouched)).toEqual(Array(touched.length).fill(false))
  })

  it('changes one of its media at a time', () => {
    const changed = withChangedItem(draftOf('a', 'b'), 1, { altText: 'The sea' })
    expect(changed.items.map(({ altText }) => altText)).toEqual(['', 'The sea'])
  })
})
