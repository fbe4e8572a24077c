import { runGateway } from '../hosting/run-gateway.ts'

await runGateway()
