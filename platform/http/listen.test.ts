import { createServer, type Server } from 'node:http'
import type { AddressInfo, ListenOptions } from 'node:net'
import { listen } from './listen.ts'

/** A real server that behaves as on a machine whose kernel refuses IPv6 with this error. */
function withoutIpv6(code: string): Server {
  const server = createServer()
  const listenReally = server.listen.bind(server)
  const refusing = (options: ListenOptions, done: () => void) => {
    if (!options.host?.includes(':')) return listenReally(options, done)
    process.nextTick(() => server.emit('error', Object.assign(new Error(`listen ${code}`), { code })))
    return server
  }
  return Object.assign(server, { listen: refusing })
}

it.each(['EAFNOSUPPORT', 'EADDRNOTAVAIL'])('listens on IPv4 if IPv6 fails with %s', async (code) => {
  const server = withoutIpv6(code)
  await listen(server, '::', 0)
  const { address, port } = server.address() as AddressInfo
  expect(address).toBe('0.0.0.0')
  server.once('request', (_request, response) => response.end('here'))
  expect(await (await fetch(`http://127.0.0.1:${port}`, { headers: { connection: 'close' } })).text()).toBe(
    'here',
  )
  server.close()
})

it("fails with the system's error if the chosen IPv6 interface does not exist", async () => {
  await expect(listen(withoutIpv6('EAFNOSUPPORT'), '::1', 0)).rejects.toThrow('EAFNOSUPPORT')
})

it('fails with an error that names PORT if the port is taken', async () => {
  const first = createServer()
  await listen(first, '::', 0)
  const { port } = first.address() as AddressInfo
  await expect(listen(createServer(), '::', port)).rejects.toThrow(/PORT: .*EADDRINUSE/)
  first.close()
})
