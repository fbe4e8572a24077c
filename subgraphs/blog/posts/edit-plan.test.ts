import fc from 'fast-check'
import { maySeePost } from '../access/viewer-relationship.ts'
import { includes, noticeOf, type Shown as ShownTo } from './audience-plan.ts'
import { planEdit, type Shown } from './edit-plan.ts'

const shown = (audience: Shown['audience'], ...mediaIds: string[]): Shown => ({
  audience,
  audienceListId: null,
  expiresAt: null,
  mediaIds,
})
const forList = (
  audience: 'ONLY_LIST' | 'EXCEPT_LIST',
  audienceListId: string,
  ...mediaIds: string[]
): Shown => ({
  ...shown(audience, ...mediaIds),
  audienceListId,
})

describe('planEdit', () => {
  const table: [string, Shown, Shown, Shown | null, boolean][] = [
    ['changing only the text', shown('FRIENDS', 'a'), shown('FRIENDS', 'a'), null, false],
    ['changing the order of media', shown('FRIENDS', 'a', 'b'), shown('FRIENDS', 'b', 'a'), null, false],
    ['narrowing', shown('PUBLIC', 'a'), shown('ONLY_ME', 'a'), shown('ONLY_ME', 'a'), false],
    ['widening', shown('ONLY_ME', 'a'), shown('FRIENDS', 'a'), null, true],
    [
      'adding a media file',
      shown('FRIENDS', 'a'),
      shown('FRIENDS', 'a', 'b'),
      shown('FRIENDS', 'a', 'b'),
      false,
    ],
    [
      'removing a media file',
      shown('FRIENDS', 'a', 'b'),
      shown('FRIENDS', 'b'),
      shown('FRIENDS', 'b'),
      false,
    ],
    ['widening with other media', shown('ONLY_ME', 'a'), shown('PUBLIC', 'b'), shown('ONLY_ME', 'b'), true],
    ['narrowing with other media', shown('PUBLIC', 'a'), shown('FRIENDS', 'b'), shown('FRIENDS', 'b'), false],
    ['changing the audience of a post without media', shown('PUBLIC'), shown('ONLY_ME'), null, false],
    ['removing the last media file', shown('PUBLIC', 'a'), shown('PUBLIC'), shown('PUBLIC'), false],
    [
      'narrowing to a list',
      shown('FRIENDS', 'a'),
      forList('ONLY_LIST', 'l', 'a'),
      forList('ONLY_LIST', 'l', 'a'),
      false,
    ],
    [
      'narrowing a text to a list',
      shown('PUBLIC'),
      forList('EXCEPT_LIST', 'l'),
      forList('EXCEPT_LIST', 'l'),
      false,
    ],
    ['widening from a list', forList('ONLY_LIST', 'l', 'a'), shown('FRIENDS', 'a'), null, true],
    ['widening a text from a list', forList('ONLY_LIST', 'l'), shown('PUBLIC'), null, true],
    [
      'choosing another list',
      forList('ONLY_LIST', 'l', 'a'),
      forList('ONLY_LIST', 'm', 'a'),
      shown('ONLY_ME', 'a'),
      true,
    ],
    [
      'turning a list around, with other media',
      forList('ONLY_LIST', 'l', 'a'),
      forList('EXCEPT_LIST', 'l', 'b'),
      shown('ONLY_ME', 'b'),
      true,
    ],
  ]

  it.each(table)('orders the edit and its reports for %s', (_what, from, to, before, after) => {
    expect(planEdit(from, to)).toEqual({ before, after })
  })

  it('keeps the expiry in the report', () => {
    const expiresAt = new Date()
    const [from, to] = [shown('FRIENDS'), shown('ONLY_ME')].map((each) => ({ ...each, expiresAt }))
    expect(from && to && planEdit(from, to)).toEqual({ before: to, after: false })
  })
})

const LISTS = ['close', 'work']
const audience: fc.Arbitrary<ShownTo> = fc.oneof(
  fc.constantFrom('PUBLIC' as const, 'FRIENDS' as const, 'ONLY_ME' as const).map((each) => ({
    audience: each,
    audienceListId: null,
  })),
  fc.record({
    audience: fc.constantFrom('ONLY_LIST' as const, 'EXCEPT_LIST' as const),
    audienceListId: fc.constantFrom(...LISTS, 'deleted'),
  }),
)
const viewers = (['FRIEND', 'NONE'] as const).flatMap((kind) =>
  [[], ['close'], ['work'], LISTS].map((listsWithViewer) => ({
    kind,
    listsWithViewer,
    listsWithoutViewer: LISTS.filter((list) => !listsWithViewer.includes(list)),
  })),
)
const sees = (viewer: (typeof viewers)[number], post: ShownTo) =>
  maySeePost(viewer, { ...post, expiresAt: null }, new Date())

describe('for any two audiences', () => {
  it('no viewer may play media whom the old or the new audience excludes, before or after the edit', () => {
    fc.assert(
      fc.property(audience, audience, fc.boolean(), (from, to, isSameMedia) => {
        const [one, other] = [from, to].map((each, index) => ({
          ...each,
          expiresAt: null,
          mediaIds: [isSameMedia || index === 0 ? 'a' : 'b'],
        }))
        if (!one || !other) return
        const plan = planEdit(one, other)
        // What `communication` knows while the post changes, and once it has changed.
        const between = plan.before ?? one
        const final = plan.after ? other : between
        for (const viewer of viewers) {
          if (sees(viewer, between)) expect([from, to].every((each) => sees(viewer, each))).toBe(true)
          expect(sees(viewer, final)).toBe(sees(viewer, to))
        }
      }),
    )
  })

  it('an audience that includes another one shows the post to all of its viewers', () => {
    fc.assert(
      fc.property(audience, audience, (one, other) => {
        if (!includes(one, other)) return
        for (const viewer of viewers) if (sees(viewer, other)) expect(sees(viewer, one)).toBe(true)
      }),
    )
  })

  it('friends who see a post only now are notified', () => {
    fc.assert(
      fc.property(audience, audience, (from, to) => {
        const gains = viewers.some(
          (viewer) => viewer.kind === 'FRIEND' && sees(viewer, to) && !sees(viewer, from),
        )
        if (gains) expect(noticeOf(from, to)).toBe('PUBLISHED')
        if (to.audience === 'ONLY_ME') expect(noticeOf(from, to)).not.toBe('PUBLISHED')
      }),
    )
  })
})
