/** Whether a text is a position in an inbox. */
export const isPosition = (text: string): boolean => /^\d{1,18}$/.test(text)

/** Returns the position from which a reader continues. A malformed position counts as none: the reader continues from now. */
export function readPosition(position: string | null | undefined): string | null {
  return position != null && isPosition(position) ? position : null
}
