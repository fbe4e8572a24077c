import type { JestEnvironment, JestEnvironmentConfig } from '@jest/environment'
import { ModernFakeTimers } from '@jest/fake-timers'
import { ModuleMocker } from 'jest-mock'
import { isOfPackages } from './packages.ts'

type Listener = Parameters<typeof process.off>[1]

/**
 * Runs a suite with the global objects of the worker itself instead of copies, so that it can use packages that earlier
 * suites have loaded. Afterwards, the process is as it was before.
 */
export default class Environment implements JestEnvironment {
  global = globalThis as unknown as JestEnvironment['global']
  fakeTimers = null
  fakeTimersModern: ModernFakeTimers
  moduleMocker = new ModuleMocker(globalThis)
  #restore = [keepGlobals(), keepProcess(), keepListeners()]

  constructor({ projectConfig: config }: JestEnvironmentConfig) {
    this.fakeTimersModern = new ModernFakeTimers({ config, global: globalThis })
  }

  async setup(): Promise<void> {}

  async teardown(): Promise<void> {
    this.fakeTimersModern.dispose()
    for (const restore of this.#restore) restore()
  }

  exportConditions(): string[] {
    return ['node', 'node-addons']
  }

  getVmContext(): null {
    return null
  }
}

function keepGlobals(): () => void {
  const before = Object.getOwnPropertyDescriptors(globalThis) as Record<PropertyKey, PropertyDescriptor>
  return () => {
    for (const key of Reflect.ownKeys(globalThis)) {
      const descriptor = before[key]
      if (descriptor?.configurable) Object.defineProperty(globalThis, key, descriptor)
      if (!descriptor && !isOfPackages(key)) Reflect.deleteProperty(globalThis, key)
    }
  }
}

function keepProcess(): () => void {
  const { exit, exitCode } = process
  const env = { ...process.env }
  const folder = process.cwd()
  return () => {
    Object.assign(process, { exit, exitCode })
    for (const name of Object.keys(process.env)) if (!(name in env)) delete process.env[name]
    Object.assign(process.env, env)
    process.chdir(folder)
  }
}

function keepListeners(): () => void {
  const listeners = () =>
    process
      .eventNames()
      .flatMap((event) =>
        process
          .rawListeners(event as string)
          .map((listener) => ({ event: event as string, listener: listener as Listener })),
      )
  const before = new Set(listeners().map(({ listener }) => listener))
  return () => {
    for (const { event, listener } of listeners()) if (!before.has(listener)) process.off(event, listener)
  }
}
