import fc from 'fast-check'
import { cleanText } from '../../../platform/text/clean-text.ts'
import { isOtherPost } from './other-post.ts'

const answered = (text: string, ...mediaIds: string[]) => ({
  text,
  editedAt: null,
  media: mediaIds.map((id) => ({ id })),
})

describe('the answer to publishing a post', () => {
  it('is the same post in whichever form the server stores its text', () => {
    const texts = fc.string({
      unit: fc.constantFrom(
        'a',
        'e',
        '\u0301',
        ' ',
        '\r',
        '\n',
        '\0',
        '\u200B',
        '\u3164',
        '你',
        '👩🏽',
        '\uD83D',
        '\u202E',
      ),
    })
    fc.assert(
      fc.property(texts, (text) => {
        expect(isOtherPost(answered(cleanText(text)), { text, mediaIds: [] })).toBe(false)
      }),
    )
  })

  it('is the same post if it was changed since, or if one of its media was deleted', () => {
    const sent = { text: 'One', mediaIds: ['a', 'b'] }
    expect(isOtherPost(answered('One', 'a'), sent)).toBe(false)
    expect(isOtherPost({ ...answered('Two', 'c'), editedAt: '2026-11-27T00:00:00Z' }, sent)).toBe(false)
  })

  it('is another post if it has another text or other media', () => {
    expect(isOtherPost(answered('One'), { text: 'Two', mediaIds: [] })).toBe(true)
    expect(isOtherPost(answered('', 'a'), { text: '', mediaIds: ['b'] })).toBe(true)
  })
})
