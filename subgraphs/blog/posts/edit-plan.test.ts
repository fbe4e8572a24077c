import { planEdit, type Shown } from './edit-plan.ts'

const shown = (audience: Shown['audience'], ...mediaIds: string[]): Shown => ({ audience, mediaIds })

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
  ]

  it.each(table)('orders the edit and its reports for %s', (_what, from, to, before, after) => {
    expect(planEdit(from, to)).toEqual({ before, after })
  })
})
