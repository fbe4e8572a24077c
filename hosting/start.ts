import { addressConfig } from './addresses.ts'
import { allInOneConfig, startAllInOne } from './all-in-one.ts'
import { readCommandLine } from './command-line.ts'
import { run } from './run.ts'
import { serveGateway } from './run-gateway.ts'

/**
 * Runs the product until a signal stops it. If the address of a subgraph is set, this process is only the gateway.
 * Otherwise it runs the gateway and all services.
 */
export function start(env: NodeJS.ProcessEnv): Promise<void> {
  readCommandLine({
    usage: 'npm start',
    summary:
      'Runs Moblog: the gateway and all services in this process. With COMMUNICATION_URL, STORAGE_URL or BLOG_URL set, ' +
      'the gateway alone.',
    options: {},
    settings: { ...allInOneConfig.shape, ...addressConfig.shape },
  })
  const subgraphsAreElsewhere = ['COMMUNICATION_URL', 'STORAGE_URL', 'BLOG_URL'].some((name) => env[name])
  return subgraphsAreElsewhere ? serveGateway() : run(() => startAllInOne(env))
}
