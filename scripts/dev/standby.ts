/**
 * A process that becomes the product. At first it loads packages, and the parts of the product that are named on its
 * command line, and warms up until the message `load` arrives. Then it loads the rest, and on `start` it runs the product. A restart therefore loads
 * only what has changed, and the running product is replaced only by one that can be loaded.
 */
import { once } from 'node:events'
import inspector from 'node:inspector'
import { enableCompileCache, flushCompileCache } from 'node:module'
import { setImmediate as turn } from 'node:timers/promises'

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

// By then, V8 has compiled most functions that a start needs.
const SAVE_COMPILED_AFTER_MS = 5_000

const load = (module: string) => import(new URL(`../../${module}`, import.meta.url).href)
const received = async (wanted: string) => {
  for (;;) {
    const [message] = await once(process, 'message')
    if (message === wanted) return
  }
}

enableCompileCache()
// The parent may end without a message.
const endAlone = () => process.exit(0)
process.once('disconnect', endAlone)
let hasToLoad = false
const isAsked = received('load').then(() => {
  hasToLoad = true
})
const hasTime = async () => {
  // Messages arrive only between two turns of the event loop.
  await turn()
  return !hasToLoad
}
const [inspect, ...parts] = process.argv.splice(2)
for (const name of PACKAGES) await import(name)
for (const part of parts) await load(part)
const { warmUpGraphql, warmUpPrisma } = await import('./warm-up.ts')
for (const client of parts.filter((part) => part.startsWith('generated/prisma/'))) {
  if (await hasTime()) await warmUpPrisma(await load(client))
}
if (await hasTime()) await warmUpGraphql()

await isAsked
const isReplacing = received('start')
const [{ start }, { SUBGRAPHS }] = await Promise.all([
  import('../../hosting/start.ts'),
  import('../../hosting/services.ts'),
  import('../../hosting/all-in-one.ts'),
])
await Promise.all(SUBGRAPHS.map((name) => load(`subgraphs/${name}/service.ts`)))
process.send?.('loaded')

await isReplacing
process.off('disconnect', endAlone)
process.disconnect()
if (inspect === 'inspect') inspector.open(9229)
// Node saves what it has compiled when a process ends, but this one is killed.
setTimeout(flushCompileCache, SAVE_COMPILED_AFTER_MS).unref()
await start(process.env)
