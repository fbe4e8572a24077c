import { ConfigError, port } from '../platform/config.ts'
import { ADDRESS_DEFAULTS } from './addresses.ts'

/** Services whose addresses clients are given, for bytes and for pages. */
export type PublicService = 'storage' | 'blog'

/** The public addresses of services, and what its operator should know about them. */
export type PublicAddresses = { env: NodeJS.ProcessEnv; warnings: string[] }

const LOOPBACK = /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\]|0\.0\.0\.0|\[::\])$/

/**
 * Works out where clients reach bytes and pages: `STORAGE_PUBLIC_URL` and `BLOG_PUBLIC_URL`, else `PUBLIC_URL`. An
 * address that services find each other at is given to clients only on this machine: where it is set to another one
 * and no public address is, starting fails, since clients can't reach it.
 *
 * @param services those whose addresses this process gives to clients
 * @param isTogether whether all services run in this process, on one port
 */
export function withPublicAddresses(
  env: NodeJS.ProcessEnv,
  services: readonly PublicService[],
  isTogether: boolean,
): PublicAddresses {
  const problems: string[] = []
  const warnings: string[] = []
  const result: NodeJS.ProcessEnv = { ...env }
  // A port that is wrong is reported where it is read.
  const own = `http://localhost:${port.safeParse(env.PORT || 4000).data ?? 4000}`
  if (isTogether) result.PUBLIC_URL = env.PUBLIC_URL || own
  for (const service of services) {
    const setting = `${service.toUpperCase()}_PUBLIC_URL`
    const internal = `${service.toUpperCase()}_URL`
    const given = env[setting] || env.PUBLIC_URL
    const address = given || (isTogether ? own : env[internal] || ADDRESS_DEFAULTS[service])
    result[setting] = address
    const isLocal = LOOPBACK.test(URL.parse(address)?.hostname ?? '')
    if (!given && !isLocal) {
      problems.push(
        `${setting}: must be set, or PUBLIC_URL: the address at which clients reach ${service}. ` +
          `${internal}, which is ${address}, is for other services`,
      )
    }
    if (isLocal && env.NODE_ENV === 'production') {
      warnings.push(
        `clients are given ${address} for ${service}, which they can reach on this machine only: ` +
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
