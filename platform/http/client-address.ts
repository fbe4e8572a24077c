import type { IncomingMessage } from 'node:http'

/**
 * The address that a request came from.
 *
 * @param trustedProxies how many proxies stand before the service, each of which adds whom it heard to `X-Forwarded-For`;
 *   what stands further left in that header anyone may have written
 */
export function clientAddress(request: IncomingMessage, trustedProxies: number): string | undefined {
  const { remoteAddress } = request.socket
  if (trustedProxies === 0) return remoteAddress
  const header = request.headers['x-forwarded-for']
  const forwarded = (Array.isArray(header) ? header.join(',') : (header ?? '')).split(',')
  const heard = forwarded.map((address) => address.trim()).filter((address) => address !== '')
  return heard.at(-trustedProxies) ?? heard[0] ?? remoteAddress
}
