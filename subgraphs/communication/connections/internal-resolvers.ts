import type { Resolvers } from '../../../generated/graphql/internal/communication.ts'
import { badInput } from '../../../platform/errors.ts'
import type { Pool } from '../database.ts'
import { requireIds } from '../require-ids.ts'
import { findExcessConnections, saveConnectionLeases } from './connection-lease-store.ts'

const MAX_KEYS = 500
const MAX_KEY = 200
const MAX_CONNECTIONS = 64

/** Internal resolver of the gateway's reports of open connections. */
export function internalConnectionResolvers({ pool }: { pool: Pool }) {
  return {
    Mutation: {
      holdConnections: async (_root, { input: { processId, held, released, most } }) => {
        requireIds(processId)
        requireKeys([...held.map(({ key }) => key), ...released])
        if (most < 1 || most > MAX_CONNECTIONS) throw badInput(`"most" must be 1 to ${MAX_CONNECTIONS}.`)
        if (held.some(({ ages }) => ages.length > MAX_CONNECTIONS || ages.some((age) => age < 0)))
          throw badInput(`Report at most ${MAX_CONNECTIONS} connections per key, with ages of 0 or more.`)
        await saveConnectionLeases(pool, processId, { held, released })
        const keys = held.map(({ key }) => key)
        return keys.length === 0 ? [] : findExcessConnections(pool, processId, keys, most)
      },
    },
  } satisfies Resolvers
}

function requireKeys(keys: readonly string[]): void {
  if (keys.length > MAX_KEYS) throw badInput(`Report at most ${MAX_KEYS} keys at a time.`)
  if (keys.some((key) => key === '' || key.length > MAX_KEY))
    throw badInput(`A key must have 1 to ${MAX_KEY} characters.`)
}
