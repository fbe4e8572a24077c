import type { JSONWebKeySet } from 'jose'
import type { Keyring } from '../tokens/keyring.ts'
import { sendJson } from './respond.ts'
import type { Route } from './routes.ts'

/** Publishes the public keys of services (RFC 7517), so that others can verify their signatures. */
export function jwksRoute(keyrings: readonly Keyring[]): Route {
  return {
    path: '/.well-known/jwks.json',
    isInternal: true,
    async handle(_request, response) {
      const sets = await Promise.all(keyrings.map((keyring) => keyring.currentJwks()))
      const jwks: JSONWebKeySet = { keys: sets.flatMap(({ keys }) => keys) }
      // Shorter than the time between a key's publication and its first use.
      sendJson(response, 200, jwks, { 'cache-control': 'max-age=20' })
    },
  }
}
