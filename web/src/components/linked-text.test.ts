import fc from 'fast-check'
import { linkedText, partsOf, type TextEntity } from './linked-text.ts'

type Place = { start: number; length: number }

const hashtag = ({ start, length }: Place, tag: string): TextEntity => ({
  __typename: 'HashtagEntity',
  start,
  length,
  tag,
})
const link = ({ start, length }: Place, url: string): TextEntity => ({
  __typename: 'LinkEntity',
  start,
  length,
  url,
})
const mention = ({ start, length }: Place, id: string | null): TextEntity => ({
  __typename: 'MentionEntity',
  start,
  length,
  user: id === null ? null : { __typename: 'User', id, handle: id, displayName: id },
})
const placeOf = (text: string, part: string): Place => ({ start: text.indexOf(part), length: part.length })

/** Only what leads somewhere, as `text -> address`. */
const links = (text: string, entities: TextEntity[]) =>
  partsOf(text, entities).flatMap(({ text: shown, href }) => (href === null ? [] : [`${shown} -> ${href}`]))

describe('the text of a post', () => {
  it('leads from hashtags, mentions and links', () => {
    const text = 'Lunch with @mei.l #food https://example.com/a?b=1'
    const entities = [
      mention(placeOf(text, '@mei.l'), '7'),
      hashtag(placeOf(text, '#food'), 'food'),
      link(placeOf(text, 'https://example.com/a?b=1'), 'https://example.com/a?b=1'),
    ]
    expect(partsOf(text, entities)).toEqual([
      { text: 'Lunch with ', href: null, isOutside: false },
      { text: '@mei.l', href: '#/moblog/7', isOutside: false },
      { text: ' ', href: null, isOutside: false },
      { text: '#food', href: '#/tag/food', isOutside: false },
      { text: ' ', href: null, isOutside: false },
      { text: 'https://example.com/a?b=1', href: 'https://example.com/a?b=1', isOutside: true },
    ])
  })

  it('opens links in another tab that learns nothing of this one', () => {
    const [anchor] = linkedText('https://a.example', [link({ start: 0, length: 17 }, 'https://a.example')])
    const markup = typeof anchor === 'object' ? anchor.strings.join('') : ''
    expect(markup).toContain('target="_blank" rel="noopener noreferrer nofollow"')
  })

  it('counts in UTF-16 code units next to emoji and Chinese characters', () => {
    const text = '👩‍👩‍👧 在湖边 #湖边散步 和@mei一起🎉'
    const entities = [hashtag(placeOf(text, '#湖边散步'), '湖边散步'), mention(placeOf(text, '@mei'), '7')]
    expect(links(text, entities)).toEqual([
      '#湖边散步 -> #/tag/%E6%B9%96%E8%BE%B9%E6%95%A3%E6%AD%A5',
      '@mei -> #/moblog/7',
    ])
  })

  it.each([
    'javascript:alert(1)',
    ' javascript:alert(1)',
    'data:text/html,x',
    'ftp://a.example',
    '//a.example',
  ])('does not lead to %s', (url) => {
    expect(partsOf('see this', [link({ start: 4, length: 4 }, url)])).toEqual([
      { text: 'see this', href: null, isOutside: false },
    ])
  })

  it('does not lead to a user who has disappeared', () => {
    expect(links('with @mei', [mention({ start: 5, length: 4 }, null)])).toEqual([])
  })

  it('shows entities that do not fit as plain text', () => {
    const text = 'a #food 🎉'
    const food = hashtag({ start: 2, length: 5 }, 'food')
    const misfits = [
      hashtag({ start: 4, length: 3 }, 'overlaps'),
      hashtag({ start: -1, length: 2 }, 'before'),
      hashtag({ start: 7, length: 99 }, 'behind'),
      hashtag({ start: 1, length: 0 }, 'empty'),
      hashtag({ start: 8, length: 1 }, 'splits a pair'),
      hashtag({ start: 9, length: 1 }, 'splits a pair'),
    ]
    expect(links(text, [...misfits, food])).toEqual(['#food -> #/tag/food'])
  })

  it('is shown in full, whatever the entities say', () => {
    const entity = fc
      .record({ start: fc.integer({ min: -3, max: 40 }), length: fc.integer({ min: -3, max: 40 }) })
      .map((place) => hashtag(place, 'a'))
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 20 }), fc.array(entity), (text, entities) => {
        const parts = partsOf(text, entities)
        expect(parts.map((part) => part.text).join('')).toBe(text)
        for (const part of parts) expect(part.text).not.toBe('')
      }),
    )
  })
})
