import { z } from 'zod'
import { httpUrl } from '../platform/config.ts'

/** Where the start commands of single services listen. */
export const ADDRESS_DEFAULTS = {
  gateway: 'http://localhost:4000',
  communication: 'http://localhost:4001',
  storage: 'http://localhost:4002',
  blog: 'http://localhost:4003',
} as const

/**
 * Where the services find each other when each runs in a process of its own. The defaults are the ports that the
 * start commands use, so that all four run on one machine without any configuration.
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

/** Where each service is asked by the others. */
export type Addresses = z.infer<typeof addressConfig>

/** The three subgraphs. */
export const SUBGRAPHS = ['communication', 'storage', 'blog'] as const

/** One of the three subgraphs. */
export type SubgraphName = (typeof SUBGRAPHS)[number]

/** Everyone who signs: the gateway for viewers, the subgraphs for themselves. */
export const ISSUERS = ['gateway', ...SUBGRAPHS] as const

/** One of those who sign. */
export type Issuer = (typeof ISSUERS)[number]

/** The address of one service, without a slash at its end. */
export function addressOf(name: Issuer, addresses: Addresses): string {
  return {
    gateway: addresses.GATEWAY_URL,
    communication: addresses.COMMUNICATION_URL,
    storage: addresses.STORAGE_URL,
    blog: addresses.BLOG_URL,
  }[name]
}

/** Where a service publishes its public keys. */
export function jwksAddress(name: Issuer, addresses: Addresses): URL {
  return new URL(`${addressOf(name, addresses)}/.well-known/jwks.json`)
}
