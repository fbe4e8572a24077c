import { type Html, html } from '../../../platform/pages/html.ts'

// Punctuation such as “ and ， has the width of the letters around it, which a font for several scripts cannot know.
const WIDE = /[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Hangul}\p{scx=Bopomofo}]/u

/**
 * The class attribute of a text in the font for titles, with other classes if it has any. Where the first such font that is
 * installed is a Chinese one, the apostrophe of “Ann’s” would be as wide as a Chinese letter.
 */
export function titleClass(text: string, others = ''): Html | false {
  const classes = [others, !WIDE.test(text) && 'narrow'].filter(Boolean).join(' ')
  return classes !== '' && html` class="${classes}"`
}
