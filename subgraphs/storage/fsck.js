import '../../scripts/require-node.js'

const { runFsck } = await import('./run-fsck.ts')
await runFsck()
