// Letters of the Arabic script that join only the previous letter, or none (Joining_Type R and U in ArabicShaping.txt).
// Nothing joins after them, so a joiner or non-joiner after them changes nothing.
const ENDS_JOINING =
  '\\u0621-\\u0625\\u0627\\u0629\\u062F-\\u0632\\u0648\\u0671-\\u0677\\u0688-\\u0699\\u06C0\\u06C3-\\u06CB\\u06CD\\u06CF\\u06D2\\u06D3\\u06D5\\u06EE\\u06EF\\u0759-\\u075B\\u076B\\u076C\\u0771\\u0773\\u0774\\u0778\\u0779\\u0870-\\u0882\\u088E\\u08AA-\\u08AC\\u08AE\\u08B1\\u08B2\\u08B9'
const ARABIC = '[\\p{Script=Arabic}&&\\p{L}]'
const JOINS_NEXT = `[${ARABIC}--[${ENDS_JOINING}]]`
const MARKS = '\\p{Mn}{0,8}'
// The other scripts whose letters are joined.
const CURSIVE =
  '[\\p{Script=Syriac}\\p{Script=Nko}\\p{Script=Mongolian}\\p{Script=Mandaic}\\p{Script=Adlam}\\p{Script=Hanifi_Rohingya}\\p{Script=Phags_Pa}]'
// Canonical_Combining_Class 9: signs that remove the vowel from a consonant of the Indic scripts.
const VIRAMA =
  '[\\u094D\\u09CD\\u0A4D\\u0ACD\\u0B4D\\u0BCD\\u0C4D\\u0CCD\\u0D3B\\u0D3C\\u0D4D\\u0DCA\\u0E3A\\u0EBA\\u0F84\\u1039\\u103A\\u1714\\u1734\\u17D2\\u1A60\\u1B44\\u1BAA\\u1BAB\\u1BF2\\u1BF3\\uA806\\uA8C4\\uA953\\uA9C0\\uAAF6\\uABED\\u{11046}\\u{110B9}\\u{11133}\\u{111C0}\\u{114C2}]'
const INDIC =
  '[\\p{Script=Devanagari}\\p{Script=Bengali}\\p{Script=Gurmukhi}\\p{Script=Gujarati}\\p{Script=Oriya}\\p{Script=Tamil}\\p{Script=Telugu}\\p{Script=Kannada}\\p{Script=Malayalam}\\p{Script=Sinhala}]'

// Scripts without spaces between words.
const UNSPACED =
  '[\\p{Script=Khmer}\\p{Script=Thai}\\p{Script=Lao}\\p{Script=Myanmar}\\p{Script=Tai_Tham}\\p{Script=Javanese}]'

// The places where an invisible character changes what is seen. They come from RFC 5892 appendix A.1 and A.2 (joiners),
// Unicode TR 51 §2.3 and §2.8 (emoji, flags of regions) and §23.4 of the Unicode standard (variation selectors).
const MEANINGFUL = [
  // 👩‍🚀
  '(?<=[\\p{Extended_Pictographic}\\p{Emoji_Modifier}\\uFE0F])\\u200D(?=\\p{Extended_Pictographic})',
  // 🏴 and two to six letters and digits that name a region
  '(?<=\\u{1F3F4})[\\u{E0030}-\\u{E0039}\\u{E0061}-\\u{E007A}]{2,6}\\u{E007F}',
  // Sinhala ශ්‍රී, Malayalam ന്‍, Bengali র‍্য
  `(?<=${VIRAMA})[\\u200C\\u200D]`,
  `(?<=[${INDIC}&&\\p{L}])[\\u200C\\u200D](?=${VIRAMA})`,
  // Persian می‌خواهم; the abbreviation ه‍
  `(?<=${JOINS_NEXT}${MARKS})\\u200C(?=${ARABIC})`,
  `(?<=${JOINS_NEXT}${MARKS})\\u200D(?!${MARKS}${ARABIC}|\\p{Cf})`,
  `(?<=${CURSIVE}${MARKS})[\\u180E\\u200C\\u200D](?=${CURSIVE})`,
  // ❤️ and 1️⃣; characters that are written in several ways
  '(?<=[\\p{Extended_Pictographic}\\p{Emoji_Modifier}])[\\uFE0E\\uFE0F]',
  '(?<=[0-9#*])\\uFE0F(?=\\u20E3)',
  '(?<=[\\p{Sm}\\p{Script=Han}\\p{Script=Myanmar}\\p{Script=Phags_Pa}])[\\uFE00-\\uFE0F\\u{E0100}-\\u{E01EF}]',
  '(?<=\\p{Script=Mongolian})[\\u180B-\\u180D\\u180F]',
  // Signs of Arabic, Syriac and Kaithi that span the digits after them. They have category Cf but are visible.
  '[\\u0600-\\u0605\\u06DD\\u070F\\u0890\\u0891\\u08E2\\u{110BD}\\u{110CD}]',
].join('|')

const INVISIBLE = new RegExp(`${MEANINGFUL}|([\\p{Cf}\\p{Default_Ignorable_Code_Point}])`, 'gv')
const TAGS = new RegExp(`${MEANINGFUL}|([\\u{E0000}-\\u{E007F}])`, 'gv')

// Invisible characters that keyboards and programs insert without the user's knowledge. Right-to-left keyboards insert
// direction marks. Keyboards of joining scripts insert more joiners than have an effect, and those of scripts without
// spaces insert zero-width spaces. Phones add variation selectors to characters that are not emoji, and word processors
// add soft hyphens.
const TYPED_UNSEEN = new RegExp(
  `[\\u00AD\\u034F\\u061C\\u200E\\u200F\\uFE00-\\uFE0F\\u180B-\\u180F\\u{E0100}-\\u{E01EF}]|(?<=${ARABIC}${MARKS}|${INDIC}|${CURSIVE}${MARKS})[\\u200C\\u200D]+|(?<=${UNSPACED})\\u200B+`,
  'gv',
)

/** Removes all invisible characters of a line that do not change what is seen. */
export function withoutInvisible(text: string): string {
  return takeOut(text, INVISIBLE)
}

/** Removes tag characters. They are invisible except in the flag of a region, and can carry a hidden text. */
export function withoutHiddenTags(text: string): string {
  return takeOut(text, TAGS)
}

/**
 * Whether a text has invisible characters that nobody types by accident. A text that looks like another one because of
 * such characters is meant to deceive.
 */
export function hasSuspiciousInvisible(text: string): boolean {
  const rest = text.replace(TYPED_UNSEEN, '')
  return withoutInvisible(rest) !== rest
}

function takeOut(text: string, pattern: RegExp): string {
  return text.replace(pattern, (match: string, invisible: string | undefined) =>
    invisible === undefined ? match : '',
  )
}
