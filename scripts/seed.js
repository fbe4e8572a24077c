import './require-node.js'

const { runSeed } = await import('./seed/run-seed.ts')
await runSeed()
