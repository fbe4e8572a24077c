import { randomInt } from 'node:crypto'
import net from 'node:net'

// Below the ports that Linux uses for outgoing connections, so that a port stays free between two starts of a product.
const FIRST = 20_000
const LAST = 32_000

/** Returns TCP ports on which no process listens. */
export async function freePorts(count: number): Promise<number[]> {
  const ports: number[] = []
  while (ports.length < count) {
    const port = randomInt(FIRST, LAST)
    if (!ports.includes(port) && (await isFree(port))) ports.push(port)
  }
  return ports
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = net.createServer()
    server.once('error', () => resolve(false))
    server.listen({ port, host: '::' }, () => server.close(() => resolve(true)))
  })
}
