import '../scripts/require-node.js'

const { runGateway } = await import('../hosting/run-gateway.ts')
await runGateway()
