import { addressConfig } from './addresses.ts'
import { allInOneConfig, startAllInOne } from './all-in-one.ts'
import { readCommandLine } from './command-line.ts'
import { run } from './run.ts'
import { serveGateway } from './run-gateway.ts'

/**
 * Runs the product until it is signalled to stop. Told where subgraphs are, this process is the gateway alone; told
 * nothing, it is everything.
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
