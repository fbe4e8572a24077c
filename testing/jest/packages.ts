import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { SyntheticModule } from 'node:vm'

const require = createRequire(import.meta.url)
const modules = new Map<string, SyntheticModule>()
const globals = new Set<PropertyKey>()

/** Whether the module at this URL belongs to a package from npm. */
export function isOfPackage(url: string): boolean {
  return url.startsWith('file:') && url.includes('/node_modules/')
}

/** Returns the module of a package. Node itself loads it once in this process. */
export function moduleOfPackage(url: string): SyntheticModule {
  const known = modules.get(url)
  if (known) return known
  const module = load(fileURLToPath(url))
  modules.set(url, module)
  return module
}

/** Whether a package has defined this member of `globalThis` while it was loaded. */
export function isOfPackages(global: PropertyKey): boolean {
  return globals.has(global)
}

function load(file: string): SyntheticModule {
  const before = new Set(Reflect.ownKeys(globalThis))
  const loaded: unknown = require(file)
  for (const key of Reflect.ownKeys(globalThis)) if (!before.has(key)) globals.add(key)
  const values = new Map(namedValues(loaded))
  if (!isNamespace(loaded)) values.set('default', loaded)
  const module = new SyntheticModule(
    [...values.keys()],
    () => {
      for (const [name, value] of values) module.setExport(name, value)
    },
    { identifier: file },
  )
  void module.evaluate()
  return module
}

function namedValues(loaded: unknown): [string, unknown][] {
  const hasMembers = (typeof loaded === 'object' && loaded !== null) || typeof loaded === 'function'
  return hasMembers ? Object.entries(loaded) : []
}

/** Whether Node has loaded an ES module. A CommonJS module may have any value. */
function isNamespace(loaded: unknown): boolean {
  return Object.prototype.toString.call(loaded) === '[object Module]'
}
