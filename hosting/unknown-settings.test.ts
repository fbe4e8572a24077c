import fc from 'fast-check'
import { allSettings, describeSettings } from './settings.ts'
import { findMisspelled } from './unknown-settings.ts'

const known = Object.keys(allSettings)
const find = (...names: string[]) =>
  findMisspelled(Object.fromEntries(names.map((name) => [name, 'x'])), known)

it.each([
  ['PUBLC_URL', 'PUBLIC_URL'],
  ['PUBLIC_ULR', 'PUBLIC_URL'],
  ['public_url', 'PUBLIC_URL'],
  ['STORAGE_USER_QOUTA', 'STORAGE_USER_QUOTA'],
  ['STORAGE_S3_BUCKETNAME', 'STORAGE_S3_BUCKET'],
  ['MOBLOG_DATADIR', 'MOBLOG_DATA_DIR'],
  ['DATABSE_URL', 'DATABASE_URL'],
  ['GATEWAY_MAX_DEPT', 'GATEWAY_MAX_DEPTH'],
  ['METRIC_PORT', 'METRICS_PORT'],
])('recognizes %s as a misspelling of %s', (name, nearest) => {
  expect(find(name)).toEqual([{ name, nearest }])
})

it('recognizes any setting with one letter missing', () => {
  const long = known.filter((name) => name.length >= 9)
  fc.assert(
    fc.property(fc.constantFrom(...long), fc.nat(), (name, place) => {
      const at = 1 + (place % (name.length - 1))
      const misspelled = name.slice(0, at) + name.slice(at + 1)
      expect(known.includes(misspelled) || find(misspelled).length === 1).toBe(true)
    }),
  )
})

it('reports nothing for ordinary environments', () => {
  const ordinary = [
    ...known,
    ...['PATH', 'HOME', 'POST', 'HOSTNAME', 'HOSTS', 'LANG', 'LANGUAGE', 'LC_ALL', 'TERM', 'SHELL', 'USER'],
    ...['NODE_OPTIONS', 'NODE_PATH', 'NODE_VERSION', 'npm_config_cache', 'npm_lifecycle_event', 'INIT_CWD'],
    ...['KUBERNETES_SERVICE_HOST', 'STORAGE_SERVICE_HOST', 'STORAGE_SERVICE_PORT_HTTP', 'BLOG_PORT_4003_TCP'],
    ...['GATEWAY_PORT', 'BLOG_PORT_4003_TCP_ADDR', 'PGHOST', 'PGSSLMODE', 'POSTGRES_URL', 'REDIS_URL'],
    ...['AWS_REGION', 'AWS_ACCESS_KEY_ID', 'HTTP_PROXY', 'no_proxy', 'EDITOR', 'XDG_DATA_DIRS', 'LOG_FORMAT'],
    ...['MOBLOG_URL', 'MOBLOG_TEST_BIG', 'MOBLOG_TEST_TOOLS', 'TEST_DATABASE_URL', 'CHROMIUM_PATH', 'CI'],
  ]
  expect(find(...ordinary)).toEqual([])
})

it('every setting has a description for --help', () => {
  expect(describeSettings(allSettings).filter(({ description }) => !description)).toEqual([])
})
