/** A mention in a text. `start` counts UTF-16 code units. */
export type FoundMention = {
  start: number
  length: number
  /** The handle in lower case. Whether a user has it is not known here. */
  handle: string
}

// Scripts without spaces between words, and Korean, where particles are attached to other words.
const UNSPACED =
  '\\p{scx=Han}\\p{scx=Hiragana}\\p{scx=Katakana}\\p{scx=Hangul}\\p{Script=Thai}\\p{Script=Lao}\\p{Script=Khmer}\\p{Script=Myanmar}'
const WORD = '\\p{L}\\p{M}\\p{N}\\p{Pc}'
// The signs of emoji such as ❤️ and 1️⃣ are marks, and no part of a word.
const NO_WORD = `[${UNSPACED}\\uFE0E\\uFE0F\\u20E3]`

// Not after what may be the first part of an e-mail address. The sign is read before what is before it, so that the time
// grows with the length of the text only.
const MENTION = new RegExp(`[@＠](?<![[${WORD}.+\\-%@＠]--${NO_WORD}][@＠])([A-Za-z0-9_.]+)`, 'gv')
// An address of another network, such as @ann@example.com, and a name in other letters, such as @annä, are no handles.
const GOES_ON = new RegExp(`^(?:[@＠]|[[${WORD}]--${NO_WORD}])`, 'v')
const AFTER_UNSPACED = new RegExp(`[${UNSPACED}]$`, 'v')
const HANDLE = /^[A-Za-z][A-Za-z0-9_.]{2,29}$/

/** Finds the mentions in a text, in its order. A dot after a handle ends the sentence and is not part of the handle. */
export function findMentions(text: string): FoundMention[] {
  return [...text.matchAll(MENTION)].flatMap((match) => {
    const handle = (match[1] ?? '').replace(/\.+$/, '')
    const start = match.index
    const length = 1 + handle.length
    if (!HANDLE.test(handle) || GOES_ON.test(text.slice(start + length, start + length + 2))) return []
    // Here, an address such as 用户@example.com cannot be told from a mention.
    if (handle.includes('.') && AFTER_UNSPACED.test(text.slice(Math.max(0, start - 2), start))) return []
    return [{ start, length, handle: handle.toLowerCase() }]
  })
}
