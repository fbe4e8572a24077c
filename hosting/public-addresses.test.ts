import { ConfigError } from '../platform/config.ts'
import { PUBLIC_SERVICES, publicServicesOf, withPublicAddresses } from './public-addresses.ts'
import { SERVICES, type SubgraphName } from './services.ts'

const INTERNAL = { STORAGE_URL: 'http://storage.internal:4002', BLOG_URL: 'http://blog.internal:4003' }
const SETTINGS: Record<string, string> = {
  PUBLIC_URL: 'https://moblog.example',
  STORAGE_PUBLIC_URL: 'https://bytes.example',
  BLOG_PUBLIC_URL: 'https://pages.example',
  GATEWAY_URL: 'http://gateway.internal:4000',
  COMMUNICATION_URL: 'http://communication.internal:4001',
  ...INTERNAL,
}
const PUBLIC = new Set(['https://moblog.example', 'https://bytes.example', 'https://pages.example'])
const PROGRAMS: [string, readonly SubgraphName[], boolean][] = [
  ['all in one', PUBLIC_SERVICES, true],
  ...SERVICES.map(({ name, settings }): [string, SubgraphName[], boolean] => [
    name,
    publicServicesOf(settings),
    false,
  ]),
]

it('are given by the services whose settings include them', () => {
  expect(PROGRAMS.map(([program, services]) => [program, ...services])).toEqual([
    ['all in one', 'storage', 'blog'],
    ['communication', 'storage', 'blog'],
    ['storage', 'storage'],
    ['blog', 'blog'],
  ])
})

/** Yields all combinations of the settings, in development and in production. */
function* mixes(): Generator<NodeJS.ProcessEnv> {
  const names = Object.keys(SETTINGS)
  for (let bits = 0; bits < 2 ** names.length; bits++) {
    const chosen = names.filter((_, index) => bits & (1 << index))
    for (const NODE_ENV of ['development', 'production'])
      yield { ...Object.fromEntries(chosen.map((name) => [name, SETTINGS[name]])), NODE_ENV }
  }
}

describe.each(PROGRAMS)('the public addresses that %s gives to clients', (_program, services, isTogether) => {
  it('are public in every mix of settings, or on this machine if no address is set, or the start fails', () => {
    for (const env of mixes()) {
      for (const service of services) {
        const setting = `${service.toUpperCase()}_PUBLIC_URL`
        const isPublic = Boolean(env[setting] || env.PUBLIC_URL)
        const isInternal = !isTogether && Boolean(env[`${service.toUpperCase()}_URL`])
        const resolve = () => withPublicAddresses(env, [service], isTogether)
        if (!isPublic && isInternal) {
          expect(resolve).toThrow(ConfigError)
          expect(resolve).toThrow(`${setting}: must be set, or PUBLIC_URL,`)
          continue
        }
        const { env: result, warnings } = resolve()
        const address = result[setting] ?? ''
        expect({ env, isPublic: PUBLIC.has(address) }).toEqual({ env, isPublic })
        if (!isPublic) expect(URL.parse(address)?.hostname).toBe('localhost')
        const isWarned = env.NODE_ENV === 'production' && !isPublic
        expect({ env, warnings: warnings.length }).toEqual({ env, warnings: isWarned ? 1 : 0 })
      }
    }
  })
})

it("prefers a service's own public address to PUBLIC_URL", () => {
  const { env } = withPublicAddresses(SETTINGS, ['storage', 'blog'], false)
  expect([env.STORAGE_PUBLIC_URL, env.BLOG_PUBLIC_URL]).toEqual([
    'https://bytes.example',
    'https://pages.example',
  ])
})

it('treats an empty variable as not set', () => {
  const env = { PUBLIC_URL: '', STORAGE_PUBLIC_URL: '', STORAGE_URL: 'http://storage.internal' }
  expect(() => withPublicAddresses(env, ['storage'], false)).toThrow('STORAGE_PUBLIC_URL')
})

it.each(['http://localhost:4000', 'http://127.0.0.1', 'http://[::1]:4000', 'http://app.localhost'])(
  'warns in production about %s, which only this machine can reach',
  (PUBLIC_URL) => {
    const { warnings } = withPublicAddresses({ PUBLIC_URL, NODE_ENV: 'production' }, ['storage'], true)
    expect(warnings).toEqual([expect.stringContaining('set PUBLIC_URL or STORAGE_PUBLIC_URL')])
  },
)
