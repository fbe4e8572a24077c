import './require-node.js'

const { runDemo } = await import('./demo/run-demo.ts')
await runDemo()
