import { typedMention } from './typed-mention.ts'

/** The mention at the caret, which is `|` in the text. */
const mentionIn = (text: string) => typedMention(text.replace('|', ''), text.indexOf('|'))

describe('a mention that is being typed', () => {
  it.each([
    ['@|', 0, ''],
    ['Lunch with @me|', 11, 'me'],
    ['Lunch with @me|i and others', 11, 'me'],
    ['(@mei.l|', 1, 'mei.l'],
    ['＠mei|', 0, 'mei'],
    ['和@小梅|', 1, '小梅'],
    ['🎉@a|', 2, 'a'],
    ['one\n@two|', 4, 'two'],
  ])('is found in "%s"', (text, start, query) => {
    expect(mentionIn(text)).toEqual({ start, query })
  })

  it.each(['|@mei', 'mei|', 'mei@example|', 'a.b-@x|', '@mei |', '@two words|', `@${'a'.repeat(31)}|`, '|'])(
    'is not found in "%s"',
    (text) => {
      expect(mentionIn(text)).toBeNull()
    },
  )
})
