import type { JSONWebKeySet } from 'jose'
import { sendJson } from './respond.ts'
import type { Route } from './routes.ts'

/** Publishes a service's public keys (RFC 7517), so that others can check what it signs. */
export function jwksRoute(jwks: JSONWebKeySet): Route {
  return {
    path: '/.well-known/jwks.json',
    handle: (_request, response) => sendJson(response, 200, jwks, { 'cache-control': 'max-age=60' }),
  }
}
