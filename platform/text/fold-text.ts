// Letters that no Unicode normalization decomposes or unifies, and what people type instead.
const LETTERS: Record<string, string> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ħ: 'h',
  ı: 'i',
  ŋ: 'n',
  ґ: 'г',
  ς: 'σ',
  // Hebrew letters at the end of a word.
  ך: 'כ',
  ם: 'מ',
  ן: 'נ',
  ף: 'פ',
  ץ: 'צ',
  // Arabic: alef wasla, alef maksura, ta marbuta, a stand-alone hamza, the tatweel; Persian and Urdu forms.
  ٱ: 'ا',
  ى: 'ي',
  ی: 'ي',
  ے: 'ي',
  ة: 'ه',
  ۃ: 'ه',
  ہ: 'ه',
  ھ: 'ه',
  ە: 'ه',
  ک: 'ك',
  ء: '',
  ـ: '',
}
const FOLDED = new RegExp(`[${Object.keys(LETTERS).join('')}]`, 'gu')

// Marks that are often left out: the accents of Latin, Greek and Cyrillic letters, the vowel signs of Hebrew and
// Arabic, and the nuktas of Indic scripts. The vowel signs of other scripts stay. So do U+3099 and U+309A, which turn a
// Japanese syllable into another one.
const MARKS =
  /[\u0300-\u036F\u0591-\u05BD\u05BF\u05C1\u05C2\u05C4\u05C5\u05C7\u0610-\u061A\u064B-\u065F\u0670\u06D6-\u06DC\u06DF-\u06E4\u06E7\u06E8\u06EA-\u06ED\u08D3-\u08E1\u08E3-\u08FF\u093C\u09BC\u0A3C\u0ABC\u0B3C\u0CBC]/g
const INVISIBLE = /[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu
const KATAKANA = /[\u30A1-\u30F6]/g
const KATAKANA_TO_HIRAGANA = 0x60

// The digit zero of each script that has its own digits. The digits one to nine follow it.
const ZEROS = [
  0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xde6, 0xe50, 0xed0,
  0xf20, 0x1040, 0x1090, 0x17e0, 0x1810,
]
const OTHER_DIGIT = /(?![0-9])\p{Nd}/gu

/**
 * Returns a text in the form that search compares. It ignores letter case, accents and optional vowel signs, width and
 * ligatures (NFKD), the several forms of one letter, the script of digits, katakana or hiragana, and invisible
 * characters. Folding a folded text changes nothing.
 */
export function foldText(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replace(MARKS, '')
    .replace(INVISIBLE, '')
    .replace(FOLDED, (letter) => LETTERS[letter] ?? letter)
    .replace(OTHER_DIGIT, asciiDigit)
    .normalize('NFC')
    .replace(KATAKANA, (kana) => String.fromCodePoint((kana.codePointAt(0) ?? 0) - KATAKANA_TO_HIRAGANA))
}

function asciiDigit(digit: string): string {
  const codePoint = digit.codePointAt(0) ?? 0
  const zero = ZEROS.find((each) => codePoint >= each && codePoint < each + 10)
  return zero === undefined ? digit : String(codePoint - zero)
}
