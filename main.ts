import { enableCompileCache } from 'node:module'

// Nearly half of the time that a start takes would go into compiling what was compiled the last time.
enableCompileCache()

const { start } = await import('./hosting/start.ts')
await start(process.env)
