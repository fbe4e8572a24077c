import cluster from 'node:cluster'
import { readShare } from '../platform/worker-share.ts'
import { addressConfig } from './addresses.ts'
import { readCommandLine } from './command-line.ts'
import { run } from './run.ts'
import { serveGateway } from './run-gateway.ts'
import { SUBGRAPHS, settingOf } from './services.ts'
import { allInOneSettings } from './settings.ts'
import { readWorkers } from './worker-count.ts'

const SUBGRAPH_ADDRESSES = SUBGRAPHS.map((name) => settingOf(name, 'URL'))

/**
 * Runs the product until a signal stops it. If the address of a subgraph is set, this process is only the gateway.
 * Otherwise it runs the gateway and all services, in one process or in several workers.
 */
export async function start(env: NodeJS.ProcessEnv): Promise<void> {
  const share = cluster.isWorker ? readShare(env) : null
  if (share) return (await import('./run-worker.ts')).runWorker(env, share)
  readCommandLine({
    usage: 'npm start',
    summary:
      'Runs Moblog: the gateway and all services, in this process or in WORKERS processes. If ' +
      `${new Intl.ListFormat('en-GB', { type: 'disjunction' }).format(SUBGRAPH_ADDRESSES)} is set, it runs only the gateway.`,
    options: {},
    settings: { ...allInOneSettings, ...addressConfig.shape },
  })
  const subgraphsAreElsewhere = SUBGRAPH_ADDRESSES.some((name) => env[name])
  if (subgraphsAreElsewhere) return serveGateway()
  return run(async () => {
    const workers = readWorkers(env)
    // The primary process of several workers does not load the product.
    if (workers.count > 1) return (await import('./run-workers.ts')).startWorkers(env, workers)
    return (await import('./all-in-one.ts')).startAllInOne(env)
  })
}
