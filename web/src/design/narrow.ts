// Punctuation such as “ and ， has the width of the letters around it, which a font for several scripts cannot know.
const WIDE = /[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Hangul}\p{scx=Bopomofo}]/u

/**
 * The class of a text in the font for titles. Where the first such font that is installed is a Chinese one, the apostrophe
 * of “Ann’s” would be as wide as a Chinese letter. Styles give the class
 * `font-variant-east-asian: proportional-width`, after `font`, which resets it.
 */
export const narrowClass = (text: string): 'narrow' | '' => (WIDE.test(text) ? '' : 'narrow')
