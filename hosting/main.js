/**
 * Starts one program of the product: `node hosting/main.js blog`. It is JavaScript, because a Node that cannot run
 * TypeScript must be able to read it.
 */
import '../scripts/require-node.js'

// Without the cache, Node compiles all files again at each start, which takes nearly half of the time.
const { enableCompileCache } = await import('node:module')
enableCompileCache()

const { runProgram } = await import('./programs.ts')
// The program reads its options from the rest of the command line.
await runProgram(process.argv.splice(2, 1)[0])
