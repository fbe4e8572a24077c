/**
 * Loads the packages that the product uses, waits for a message, and then loads and runs the product. A restart after
 * a change therefore loads only our own sources.
 */
import inspector from 'node:inspector'
import { enableCompileCache } from 'node:module'

// The packages that take longest to load. A package that is missing here is loaded later, with the product.
const PACKAGES = [
  '@apollo/gateway',
  '@apollo/server',
  '@apollo/subgraph',
  '@prisma/adapter-pg',
  '@prisma/client/runtime/client',
  'graphql-scalars',
  'jose',
  'pino',
  'undici',
  'zod',
]

enableCompileCache()
// The parent may end without a message.
const endAlone = () => process.exit(0)
process.once('disconnect', endAlone)
const isInspected = new Promise<boolean>((resolve) => {
  process.once('message', (message) => {
    process.off('disconnect', endAlone)
    process.disconnect()
    resolve(message === 'inspect')
  })
})
for (const name of PACKAGES) await import(name)
if (await isInspected) inspector.open(9229)
await import('../../main.js')
