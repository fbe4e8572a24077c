import { z } from 'zod'
import { httpUrl } from '../platform/config.ts'

/** The addresses on which the start commands of the single services listen. */
export const ADDRESS_DEFAULTS = {
  gateway: 'http://localhost:4000',
  communication: 'http://localhost:4001',
  storage: 'http://localhost:4002',
  blog: 'http://localhost:4003',
} as const

/**
 * The addresses at which the services find each other when each runs in a separate process. The defaults are the ports
 * of the start commands, so that all four run on one machine without configuration.
 */
export const addressConfig = z.object({
  GATEWAY_URL: httpUrl
    .default(ADDRESS_DEFAULTS.gateway)
    .describe('Where services fetch the keys with which they check viewers.'),
  COMMUNICATION_URL: httpUrl
    .default(ADDRESS_DEFAULTS.communication)
    .describe('Where other processes find communication.'),
  STORAGE_URL: httpUrl.default(ADDRESS_DEFAULTS.storage).describe('Where other processes find storage.'),
  BLOG_URL: httpUrl.default(ADDRESS_DEFAULTS.blog).describe('Where other processes find blog.'),
})

/** The address of each service for the other services. */
export type Addresses = z.infer<typeof addressConfig>

export const SUBGRAPHS = ['communication', 'storage', 'blog'] as const

export type SubgraphName = (typeof SUBGRAPHS)[number]

/** All services that sign tokens: the gateway signs for viewers, the subgraphs sign for themselves. */
export const ISSUERS = ['gateway', ...SUBGRAPHS] as const

/** The name of a service that signs tokens. */
export type Issuer = (typeof ISSUERS)[number]

/** Returns the address of one service, without a trailing slash. */
export function addressOf(name: Issuer, addresses: Addresses): string {
  return {
    gateway: addresses.GATEWAY_URL,
    communication: addresses.COMMUNICATION_URL,
    storage: addresses.STORAGE_URL,
    blog: addresses.BLOG_URL,
  }[name]
}

/** Returns the address at which a service publishes its public keys. */
export function jwksAddress(name: Issuer, addresses: Addresses): URL {
  return new URL(`${addressOf(name, addresses)}/.well-known/jwks.json`)
}
