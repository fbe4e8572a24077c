import type { Server } from 'node:http'
import { hasCode } from '../system-error.ts'

/** Every interface, of IPv6 and of IPv4. */
const ALL = '::'
const ALL_IPV4 = '0.0.0.0'

/** Listens on an interface. Where that is every one and the machine has no IPv6, it is every one of IPv4. */
export async function listen(server: Server, host: string, port: number): Promise<void> {
  try {
    await listenOn(server, host, port)
  } catch (error) {
    const lacksIpv6 = hasCode(error, 'EAFNOSUPPORT') || hasCode(error, 'EADDRNOTAVAIL')
    if (host !== ALL || !lacksIpv6) throw error
    await listenOn(server, ALL_IPV4, port)
  }
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
