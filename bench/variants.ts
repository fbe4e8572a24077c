import { fileURLToPath } from 'node:url'
import { freePorts } from '../testing/free-ports.ts'
import { startChild } from './child.ts'

/** One way of serving the same query from the same data. */
export type Variant = {
  name: string
  /** The GraphQL address. */
  url: string
  /** The processes that serve it, PostgreSQL apart. */
  pids: number[]
}

/** All that runs while measuring. */
export type Variants = {
  stock: Variant
  overHttp: Variant
  allInOne: Variant
}

const file = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/**
 * Starts the product in both modes and the stock gateway, on one data folder: the gateway and the three subgraphs
 * in processes of their own, the stock gateway before the same subgraphs, and everything in one process.
 *
 * @param seed fills the data folder through the GraphQL address given, before the all-in-one process joins
 */
export async function startVariants(
  dataDir: string,
  seed: (url: string) => Promise<void>,
): Promise<Variants> {
  const [gateway = 0, communication = 0, storage = 0, blog = 0, stock = 0, allInOne = 0] = await freePorts(6)
  const local = (port: number) => `http://localhost:${port}`
  const common = {
    NODE_ENV: 'production',
    LOG_LEVEL: 'warn',
    HOST: '::',
    MOBLOG_DATA_DIR: dataDir,
    // The same addresses in every answer, whoever gives it.
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
  // A service is ready only when those it needs are, so all are started at once.
  const [gatewayPid, ...subgraphPids] = await Promise.all([
    start('gateway', '../hosting/main.js gateway', gateway, addresses),
    start('communication', '../hosting/main.js communication', communication, addresses),
    start('storage', '../hosting/main.js storage', storage, addresses),
    start('blog', '../hosting/main.js blog', blog, addresses),
  ])
  await seed(`${local(gateway)}/graphql`)
  const [stockPid, allInOnePid] = await Promise.all([
    start('stock gateway', './stock-gateway.ts', stock, addresses, '/?query=%7B__typename%7D'),
    start('all in one', '../main.ts', allInOne, {}),
  ])
  return {
    stock: { name: 'stock gateway', url: local(stock), pids: [stockPid, ...subgraphPids] },
    overHttp: {
      name: 'Moblog, four processes',
      url: `${local(gateway)}/graphql`,
      pids: [gatewayPid, ...subgraphPids],
    },
    allInOne: { name: 'Moblog, one process', url: `${local(allInOne)}/graphql`, pids: [allInOnePid] },
  }
}
