import { teardownKey } from './global-setup.ts'

/** Stops the database that global-setup.ts started, and removes the temporary files. */
export default async function endRun(): Promise<void> {
  const teardown: unknown = Reflect.get(globalThis, teardownKey)
  if (typeof teardown === 'function') await teardown()
}
