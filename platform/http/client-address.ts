import type { IncomingMessage } from 'node:http'

/**
 * Returns the address from which a request came.
 *
 * @param trustedProxies how many proxies are in front of the service. Each one appends the address of its client to
 *   `X-Forwarded-For`. Anyone may have written the entries further left.
 */
export function clientAddress(request: IncomingMessage, trustedProxies: number): string | undefined {
  const { remoteAddress } = request.socket
  if (trustedProxies === 0) return remoteAddress
  const header = request.headers['x-forwarded-for']
  const forwarded = (Array.isArray(header) ? header.join(',') : (header ?? '')).split(',')
  const clients = forwarded.map((address) => withoutPort(address.trim())).filter((address) => address !== '')
  return clients.at(-trustedProxies) ?? clients[0] ?? remoteAddress
}

/** Some proxies append the port of the connection, with brackets around an IPv6 address and quotes around both. */
function withoutPort(entry: string): string {
  const address = entry.replaceAll('"', '')
  const [, bracketed, plain] = /^(?:\[(.+)\]|([^:]+))(?::\d+)?$/.exec(address) ?? []
  return bracketed ?? plain ?? address
}
