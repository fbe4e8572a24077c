/** Returns a position in an inbox. A malformed position counts as none: the reader continues from now. */
export function readPosition(position: string | null | undefined): string | null {
  return position != null && /^\d{1,18}$/.test(position) ? position : null
}
