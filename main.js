import './scripts/require-node.js'

// Without the cache, Node compiles all files again at each start, which takes nearly half of the time. Older versions of
// Node do not have this function. They get an explanation above, so they must be able to read this file.
const { enableCompileCache } = await import('node:module')
enableCompileCache()

const { start } = await import('./hosting/start.ts')
await start(process.env)
