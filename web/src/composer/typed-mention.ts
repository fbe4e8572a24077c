/** A mention that the user is typing: where its sign is, and what follows the sign. */
export type TypedMention = { start: number; query: string }

const LONGEST = 30
// Directly after what may be the first part of an e-mail address, the sign begins no mention.
const MENTION = /(?<![\w.%+-])[@＠]([\p{L}\p{M}\p{N}_.]*)$/u

/** Finds the mention before the caret; null if the user is typing something else. */
export function typedMention(text: string, caret: number): TypedMention | null {
  // A name, the sign, and the character before it.
  const before = text.slice(Math.max(0, caret - LONGEST - 2), caret)
  const query = MENTION.exec(before)?.[1]
  return query === undefined || query.length > LONGEST ? null : { start: caret - query.length - 1, query }
}
