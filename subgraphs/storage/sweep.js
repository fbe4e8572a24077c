import '../../scripts/require-node.js'

const { runSweep } = await import('./run-sweep.ts')
await runSweep()
