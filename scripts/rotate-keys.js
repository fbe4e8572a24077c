import './require-node.js'

const { runRotateKeys } = await import('../hosting/run-rotate-keys.ts')
await runRotateKeys()
