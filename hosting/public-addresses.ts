import { ConfigError, port } from '../platform/config.ts'
import { defaultAddress } from './addresses.ts'
import { SERVICES, type SubgraphName, settingOf } from './services.ts'

/** The services that clients reach, for bytes and for pages. */
export const PUBLIC_SERVICES: readonly SubgraphName[] = SERVICES.filter(({ isPublic }) => isPublic).map(
  ({ name }) => name,
)

/** Returns the services whose public addresses a service gives to clients: those that its settings name. */
export function publicServicesOf(settings: Readonly<Record<string, unknown>>): SubgraphName[] {
  return PUBLIC_SERVICES.filter((name) => settingOf(name, 'PUBLIC_URL') in settings)
}

/** The environment with the public addresses of services, and warnings for the operator. */
export type PublicAddresses = { env: NodeJS.ProcessEnv; warnings: string[] }

const LOOPBACK = /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\]|0\.0\.0\.0|\[::\])$/

/**
 * Determines the addresses at which clients reach bytes and pages: `STORAGE_PUBLIC_URL` and `BLOG_PUBLIC_URL`, or
 * `PUBLIC_URL`. The internal address of a service is given to clients only if it is on this machine.
 *
 * @param services the services whose addresses this process gives to clients
 * @param isTogether whether all services run in this process, on one port
 * @throws ConfigError if an internal address is on another machine and no public address is set, because clients cannot
 *   reach the internal address
 */
export function withPublicAddresses(
  env: NodeJS.ProcessEnv,
  services: readonly SubgraphName[],
  isTogether: boolean,
): PublicAddresses {
  const problems: string[] = []
  const warnings: string[] = []
  const result: NodeJS.ProcessEnv = { ...env }
  // An invalid port is reported where the setting is read.
  const own = `http://localhost:${port.safeParse(env.PORT || 4000).data ?? 4000}`
  if (isTogether) result.PUBLIC_URL = env.PUBLIC_URL || own
  for (const service of services) {
    const setting = settingOf(service, 'PUBLIC_URL')
    const internal = settingOf(service, 'URL')
    const given = env[setting] || env.PUBLIC_URL
    const address = given || (isTogether ? own : env[internal] || defaultAddress(service))
    result[setting] = address
    const isLocal = LOOPBACK.test(URL.parse(address)?.hostname ?? '')
    if (!given && !isLocal) {
      problems.push(
        `${setting}: must be set, or PUBLIC_URL, to the address at which clients reach ${service}. ` +
          `${internal} (${address}) is only for other services`,
      )
    }
    if (isLocal && env.NODE_ENV === 'production') {
      warnings.push(
        `clients receive ${address} for ${service}, which only this machine can reach: ` +
          `set PUBLIC_URL or ${setting}`,
      )
    }
  }
  if (problems.length > 0) {
    throw new ConfigError(
      `The configuration can't be used:\n${problems.map((line) => `  ${line}`).join('\n')}`,
    )
  }
  return { env: result, warnings }
}
