import type { Server } from 'node:http'
import { ConfigError } from '../config.ts'
import { hasCode } from '../system-error.ts'

/** All interfaces, for IPv6 and IPv4. */
const ALL = '::'
const ALL_IPV4 = '0.0.0.0'

/** The names of the settings that an address comes from. */
export type ListenSettings = { host: string; port: string }

/**
 * Listens on an interface. If the host is `::` and the machine has no IPv6, it listens on all IPv4 interfaces instead.
 *
 * @param settings the names of the settings that the address comes from, for error messages
 * @throws ConfigError if the port is taken or not permitted, or the machine does not have the address
 */
export async function listen(
  server: Server,
  host: string,
  port: number,
  settings: ListenSettings = { host: 'HOST', port: 'PORT' },
): Promise<void> {
  try {
    await listenOn(server, host, port).catch((error) => {
      const lacksIpv6 = hasCode(error, 'EAFNOSUPPORT') || hasCode(error, 'EADDRNOTAVAIL')
      if (host !== ALL || !lacksIpv6) throw error
      return listenOn(server, ALL_IPV4, port)
    })
  } catch (error) {
    const problem = problemOf(error, host, port, settings)
    throw problem ? new ConfigError(`The configuration can't be used:\n  ${problem}`) : error
  }
}

function problemOf(error: unknown, host: string, port: number, settings: ListenSettings): string | null {
  if (hasCode(error, 'EADDRINUSE')) {
    return `${settings.port}: another program listens on port ${port} (EADDRINUSE). Stop it, or choose another port`
  }
  if (hasCode(error, 'EACCES'))
    return `${settings.port}: this user may not listen on port ${port} (EACCES). Choose a port above 1023`
  if (hasCode(error, 'EADDRNOTAVAIL') || hasCode(error, 'ENOTFOUND')) {
    return `${settings.host}: this machine has no address ${host}. Use ::, 0.0.0.0, or an address of this machine`
  }
  return null
}

function listenOn(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host, port }, () => {
      server.off('error', reject)
      resolve()
    })
  })
}
