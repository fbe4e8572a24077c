import { startAllInOne } from './hosting/all-in-one.ts'
import { run } from './hosting/run.ts'
import { runGateway } from './hosting/run-gateway.ts'

// Told where subgraphs are, this process is the gateway alone; told nothing, it is everything.
const subgraphsAreElsewhere = ['COMMUNICATION_URL', 'STORAGE_URL', 'BLOG_URL'].some(
  (name) => process.env[name],
)

await (subgraphsAreElsewhere ? runGateway() : run(() => startAllInOne(process.env)))
