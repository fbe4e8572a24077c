import '../../scripts/require-node.js'

const { runWorker } = await import('./run-worker.ts')
await runWorker()
