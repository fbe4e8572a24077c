/**
 * How far the clock of this device, which may be wrong, is ahead of the server's, in milliseconds; 0 if that is not known.
 *
 * @param sentAt the header `Date` of a response that has just arrived
 * @param now the time of this device, in milliseconds
 */
export function clockAhead(sentAt: string | null, now: number): number {
  const ahead = now - Date.parse(sentAt ?? '')
  return Number.isNaN(ahead) ? 0 : ahead
}
