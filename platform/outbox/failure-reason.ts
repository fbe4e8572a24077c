/** All texts of at least 6 characters in a JSON value. Shorter texts are words rather than secrets. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return value.length < 6 ? [] : [value]
  if (typeof value !== 'object' || value === null) return []
  return Object.values(value).flatMap(textsIn)
}

/** Returns what may be logged of a handler's error: its message without any text from the payload. */
export function failureReason(error: unknown, payload: unknown): string {
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  const texts = textsIn(payload).sort((a, b) => b.length - a.length)
  return texts.reduce((reason, text) => reason.replaceAll(text, '[payload]'), message).slice(0, 500)
}
