import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { addressConfig } from '../hosting/addresses.ts'
import { freePorts } from '../testing/free-ports.ts'
import { startChild } from './child.ts'
import { grafbase } from './peers/grafbase.ts'
import { childrenOf } from './usage.ts'

/** One way of serving the same query from the same data. */
export type Variant = {
  name: string
  /** The GraphQL address. */
  url: string
  /** The processes that serve it, PostgreSQL apart. */
  pids: number[]
}

const file = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/**
 * Starts the product in its modes, and other gateways in front of the same three subgraph processes, on one data folder.
 *
 * @param without the names of variants that are left out
 * @param seed creates the data through a GraphQL address, before the other variants start
 * @returns the stock gateway first, because the others are compared with it
 */
export async function startVariants(
  dataDir: string,
  without: ReadonlySet<string>,
  seed: (url: string) => Promise<void>,
): Promise<Variant[]> {
  const [gateway = 0, communication = 0, storage = 0, blog = 0, ...ports] = await freePorts(11)
  const local = (port: number) => `http://localhost:${port}`
  const common = {
    NODE_ENV: 'production',
    LOG_LEVEL: 'error',
    HOST: '::',
    MOBLOG_DATA_DIR: dataDir,
    // The same addresses in the answers of all variants.
    PUBLIC_URL: local(gateway),
    STORAGE_PUBLIC_URL: local(storage),
    BLOG_PUBLIC_URL: local(blog),
    ALLOW_BUNDLED_FFMPEG: 'true',
    APOLLO_TELEMETRY_DISABLED: 'true',
  }
  const addresses = {
    GATEWAY_URL: local(gateway),
    COMMUNICATION_URL: local(communication),
    STORAGE_URL: local(storage),
    BLOG_URL: local(blog),
  }
  const start = (name: string, program: string, port: number, env: object, ready = '/readyz') => {
    const [script = '', ...args] = program.split(' ')
    return startChild({
      name,
      program: file(script),
      args,
      env: { ...common, ...env, PORT: `${port}` },
      readyUrl: `${local(port)}${ready}`,
    })
  }
  // A service becomes ready only after the services that it needs, so all start at once.
  const [gatewayPid, ...subgraphPids] = await Promise.all([
    start('gateway', '../hosting/main.js gateway', gateway, addresses),
    start('communication', '../hosting/main.js communication', communication, addresses),
    start('storage', '../hosting/main.js storage', storage, addresses),
    start('blog', '../hosting/main.js blog', blog, addresses),
  ])
  await seed(`${local(gateway)}/graphql`)
  const typename = '?query=%7B__typename%7D'
  const hive = './node_modules/@graphql-hive/gateway/dist/bin.js -c peers/hive.config.js supergraph'
  const ways: Record<string, (name: string, port: number) => Promise<{ path?: string; pids: number[] }>> = {
    'stock gateway': async (name, port) => {
      const pid = await start(name, './stock-gateway.ts', port, addresses, `/${typename}`)
      return { path: '/', pids: [pid, ...subgraphPids] }
    },
    'hive gateway': async (name, port) => {
      const pid = await start(name, hive, port, addresses, '/readiness')
      return { pids: [pid, ...subgraphPids] }
    },
    'hive gateway, rust planner': async (name, port) => {
      const pid = await start(name, hive, port, { ...addresses, RUST_PLANNER: '1' }, '/readiness')
      return { pids: [pid, ...subgraphPids] }
    },
    grafbase: async (name, port) => {
      const command = await grafbase(path.join(dataDir, 'grafbase'), port, addressConfig.parse(addresses))
      const readyUrl = `http://localhost:${port}/graphql${typename}`
      const pid = await startChild({ name, ...command, env: common, readyUrl })
      return { pids: [pid, ...subgraphPids] }
    },
    'four processes': async () => ({ pids: [gatewayPid, ...subgraphPids] }),
    'one process': async (name, port) => ({
      pids: [await start(name, '../main.ts', port, { WORKERS: '1' })],
    }),
    'all cores': async (name, port) => {
      const pid = await start(name, '../main.ts', port, { WORKERS: 'auto' })
      return { pids: [pid, ...childrenOf(pid)] }
    },
  }
  const variants: Variant[] = []
  for (const [index, [name, begin]] of Object.entries(ways).entries()) {
    if (without.has(name)) continue
    const port = name === 'four processes' ? gateway : (ports[index] ?? 0)
    const { path: below = '/graphql', pids } = await begin(name, port)
    variants.push({ name, url: `${local(port)}${below}`, pids })
  }
  return variants
}
