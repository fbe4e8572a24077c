import { addressConfig } from './addresses.ts'
import { startAllInOne } from './all-in-one.ts'
import { readCommandLine } from './command-line.ts'
import { run } from './run.ts'
import { serveGateway } from './run-gateway.ts'
import { SUBGRAPHS, settingOf } from './services.ts'
import { allInOneSettings } from './settings.ts'

const SUBGRAPH_ADDRESSES = SUBGRAPHS.map((name) => settingOf(name, 'URL'))

/**
 * Runs the product until a signal stops it. If the address of a subgraph is set, this process is only the gateway.
 * Otherwise it runs the gateway and all services.
 */
export function start(env: NodeJS.ProcessEnv): Promise<void> {
  readCommandLine({
    usage: 'npm start',
    summary:
      'Runs Moblog: the gateway and all services in this process. If ' +
      `${new Intl.ListFormat('en-GB', { type: 'disjunction' }).format(SUBGRAPH_ADDRESSES)} is set, it runs only the gateway.`,
    options: {},
    settings: { ...allInOneSettings, ...addressConfig.shape },
  })
  const subgraphsAreElsewhere = SUBGRAPH_ADDRESSES.some((name) => env[name])
  return subgraphsAreElsewhere ? serveGateway() : run(() => startAllInOne(env))
}
