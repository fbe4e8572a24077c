/**
 * When a token expires by the clock of this device, which may be wrong: its lifetime after it was received.
 *
 * @param expiresAt when it expires by the clock of the server, in RFC 3339
 * @param sentAt the header `Date` of the response that it came with
 * @param now the time of this device, in milliseconds
 */
export function expiryOnDevice(expiresAt: string, sentAt: string | null, now: number): string {
  const sent = Date.parse(sentAt ?? '')
  return Number.isNaN(sent) ? expiresAt : new Date(now + Date.parse(expiresAt) - sent).toISOString()
}
