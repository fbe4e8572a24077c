import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A proxy that behaves like a bad mobile network. */
export type CuttingProxy = {
  address: string
  /** Forwards to this port on this machine. */
  target(port: string): void
  /** Breaks all connections at this interval from now on; 0 for never. */
  cutEvery(ms: number): void
  /** How many connections it has broken while bytes were on their way. */
  cuts(): number
  /** How many bytes clients have sent. */
  received(): number
  close(): Promise<void>
}

/** How many bytes of a connection pass in each interval towards the server. */
const BYTES = 64 * 1024
const INTERVAL_MS = 40

/** Starts a proxy. It lets about 1.6 MB pass in a second, towards the server. */
export async function startCuttingProxy(): Promise<CuttingProxy> {
  let port = 0
  let cuts = 0
  let received = 0
  let timer: NodeJS.Timeout | undefined
  const open = new Map<Socket, { bytes: number }>()
  const server = createServer((client) => {
    const upstream = connect(port, 'localhost')
    const state = { bytes: 0 }
    open.set(client, state)
    const end = () => {
      open.delete(client)
      client.destroy()
      upstream.destroy()
    }
    client.on('error', end).on('close', end)
    upstream.on('error', end).on('close', end)
    upstream.pipe(client)
    client.on('data', (chunk) => {
      received += chunk.length
      state.bytes += chunk.length
      upstream.write(chunk)
      client.pause()
      setTimeout(() => client.resume(), (INTERVAL_MS * chunk.length) / BYTES)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    target(chosen) {
      port = Number(chosen)
    },
    cutEvery(ms) {
      clearInterval(timer)
      if (ms === 0) return
      timer = setInterval(() => {
        for (const [socket, { bytes }] of open) {
          if (bytes < 2_000) continue
          cuts += 1
          socket.resetAndDestroy()
        }
      }, ms)
    },
    cuts: () => cuts,
    received: () => received,
    async close() {
      clearInterval(timer)
      for (const socket of open.keys()) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
