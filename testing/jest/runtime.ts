import { createRequire } from 'node:module'
import type { Module } from 'node:vm'
import { isOfPackage, moduleOfPackage } from './packages.ts'

const require = createRequire(import.meta.url)
// The package's types describe only its CommonJS module.
const { default: JestRuntime }: typeof import('jest-runtime') = require('jest-runtime')

/** The private members of jest's runtime that this one replaces. */
type Internals = {
  esmLoader: { getContext(): undefined }
  registries: { getActiveEsmRegistry(): Map<string, Module> }
}

/**
 * Loads the modules of the product anew for each suite, as jest does, but the packages from npm once for each worker. It
 * needs ./environment.ts, because all of them must have the same global objects.
 */
class Runtime extends JestRuntime {
  constructor(...args: ConstructorParameters<typeof JestRuntime>) {
    super(...args)
    const modules = new Modules()
    const internals = this as unknown as Internals
    internals.registries.getActiveEsmRegistry = () => modules
    internals.esmLoader.getContext = () => undefined
  }

  override requireModuleOrMock<T>(from: string, name: string): T {
    return createRequire(from)(name)
  }

  override requireInternalModule<T>(from: string, name = from): T {
    const file = createRequire(from).resolve(name)
    // The runner keeps the state of the suite.
    delete require.cache[file]
    return require(file)
  }
}

/** The modules of a suite by their URLs. */
class Modules extends Map<string, Module> {
  override has(url: string): boolean {
    return super.has(url) || isOfPackage(url)
  }

  override get(url: string): Module | undefined {
    return isOfPackage(url) ? moduleOfPackage(url) : super.get(url)
  }
}

// Jest loads this file with `require`.
export { Runtime as 'module.exports' }
