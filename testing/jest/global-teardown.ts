import { teardownKey } from './global-setup.ts'

/** Stops the database that global-setup.ts started. */
export default async function stopTestDatabase(): Promise<void> {
  const teardown: unknown = Reflect.get(globalThis, teardownKey)
  if (typeof teardown === 'function') await teardown()
}
