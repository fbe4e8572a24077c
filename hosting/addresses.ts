import { z } from 'zod'
import { httpUrl } from '../platform/config.ts'
import { ISSUERS, type Issuer, SERVICES, settingOf } from './services.ts'

const GATEWAY_PORT = 4000

/** The addresses on which the start commands of the single services listen. */
const DEFAULTS: ReadonlyMap<string, string> = new Map(
  [{ name: 'gateway', port: GATEWAY_PORT }, ...SERVICES].map(({ name, port }) => [
    name,
    `http://localhost:${port}`,
  ]),
)

/** Returns the address on which the start command of a service listens unless a setting names another one. */
export function defaultAddress(name: Issuer): string {
  return known(name, DEFAULTS.get(name))
}

const descriptionOf = (name: Issuer) =>
  name === 'gateway'
    ? 'The address from which services fetch the keys that verify viewer assertions.'
    : `The address at which other processes call ${name}.`

/**
 * The addresses at which the services find each other when each runs in a separate process. The defaults are the ports
 * of the start commands, so that all of them run on one machine without configuration.
 */
export const addressConfig = z.object(
  Object.fromEntries(
    ISSUERS.map((name) => [
      settingOf(name, 'URL'),
      httpUrl.default(defaultAddress(name)).describe(descriptionOf(name)),
    ]),
  ),
)

/** The address of each service for the other services. */
export type Addresses = z.infer<typeof addressConfig>

/** Returns the address of one service, without a trailing slash. */
export function addressOf(name: Issuer, addresses: Addresses): string {
  return known(name, addresses[settingOf(name, 'URL')])
}

/** Returns the address at which a service publishes its public keys. */
export function jwksAddress(name: Issuer, addresses: Addresses): URL {
  return new URL(`${addressOf(name, addresses)}/.well-known/jwks.json`)
}

function known(name: string, address: string | undefined): string {
  if (address === undefined) throw new Error(`the service ${name} has no address`)
  return address
}
