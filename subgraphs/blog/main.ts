import '../../scripts/require-node.js'

const { runProgram } = await import('./program.ts')
await runProgram()
