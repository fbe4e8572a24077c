import './scripts/require-node.js'

// Nearly half of the time that a start takes would go into compiling what was compiled the last time. Older versions of
// Node, which are to be told what to run instead, don't have this function.
const { enableCompileCache } = await import('node:module')
enableCompileCache()

const { start } = await import('./hosting/start.ts')
await start(process.env)
