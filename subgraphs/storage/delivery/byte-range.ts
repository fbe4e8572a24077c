/** A part of a file. Both positions belong to the part. */
export type ByteRange = { first: number; last: number }

/**
 * Parses a `Range` header (RFC 9110 §14.2).
 *
 * @param size the size of the whole file, in bytes
 * @returns null if the whole file is to be sent: there is no header, it cannot be parsed, or it asks for several parts
 *   (a server may ignore Range; no player needs a multipart answer)
 */
export function readRange(header: string | undefined, size: number): ByteRange | 'UNSATISFIABLE' | null {
  const [, from = '', to = ''] = /^bytes\s*=\s*(\d{0,15})\s*-\s*(\d{0,15})$/i.exec(header?.trim() ?? '') ?? []
  if (from === '' && to === '') return null
  if (from === '') {
    // RFC 9110 §14.1.2: the last `to` bytes, or the whole file if it is shorter.
    const length = Math.min(Number(to), size)
    return length > 0 ? { first: size - length, last: size - 1 } : 'UNSATISFIABLE'
  }
  const first = Number(from)
  const last = to === '' ? size - 1 : Math.min(Number(to), size - 1)
  // RFC 9110 §14.1.2: a last position before the first makes the header invalid, and invalid headers are ignored.
  if (to !== '' && Number(to) < first) return null
  return first < size ? { first, last } : 'UNSATISFIABLE'
}

/** Whether an `If-None-Match` header names the entity tag (RFC 9110 §13.1.2, weak comparison). */
export function matchesAny(header: string | undefined, etag: string): boolean {
  if (!header) return false
  return header.trim() === '*' || header.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag)
}

/**
 * Whether `If-Range` permits a Range response (RFC 9110 §13.1.5). Only a strong entity tag that equals the current one
 * does. Dates never do, because the files have no dates.
 */
export function allowsRange(ifRange: string | undefined, etag: string): boolean {
  return ifRange === undefined || ifRange.trim() === etag
}
