import { titleClass } from './title-class.ts'

const classOf = (text: string, others?: string) => {
  const markup = titleClass(text, others)
  return markup === false ? '' : markup.markup
}

it.each([
  ['Leo’s moblog', true],
  ['“Привет” — שלום…', true],
  ['散步，天气', false],
  ['Leo’s 博客', false],
  ['「カフェ」', false],
  ['“안녕”', false],
])('punctuation in %j is narrow: %s', (text, isNarrow) => {
  expect(classOf(text)).toBe(isNarrow ? ' class="narrow"' : '')
  expect(classOf(text, 'large')).toBe(isNarrow ? ' class="large narrow"' : ' class="large"')
})
