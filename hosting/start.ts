import { startAllInOne } from './all-in-one.ts'
import { run } from './run.ts'
import { runGateway } from './run-gateway.ts'

/**
 * Runs the product until it is signalled to stop. Told where subgraphs are, this process is the gateway alone; told
 * nothing, it is everything.
 */
export function start(env: NodeJS.ProcessEnv): Promise<void> {
  const subgraphsAreElsewhere = ['COMMUNICATION_URL', 'STORAGE_URL', 'BLOG_URL'].some((name) => env[name])
  return subgraphsAreElsewhere ? runGateway() : run(() => startAllInOne(env))
}
