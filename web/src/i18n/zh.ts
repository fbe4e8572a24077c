const HAN_AT = { start: /^\p{Script=Han}/u, end: /\p{Script=Han}$/u }
const WORD_AT = { start: /^[\p{L}\p{N}]/u, end: /[\p{L}\p{N}]$/u }

/**
 * A Chinese text with values of users, such as names. There is a space between Chinese and letters or digits of other
 * scripts, as in all Chinese texts of the client.
 */
export function zh(parts: TemplateStringsArray, ...values: readonly string[]): string {
  return values.reduce(
    (text, value, index) => beside(beside(text, value), parts[index + 1] ?? ''),
    parts[0] ?? '',
  )
}

function beside(before: string, after: string): string {
  const areWords = WORD_AT.end.test(before) && WORD_AT.start.test(after)
  const isBorder = HAN_AT.end.test(before) !== HAN_AT.start.test(after)
  return areWords && isBorder ? `${before} ${after}` : before + after
}
