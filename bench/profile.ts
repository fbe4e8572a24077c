/**
 * Shows where one process spends its processor time on the friend's query; see README.md.
 *
 *     npm run profile -- [--seconds 20] [--concurrency 16] [--out one-process.cpuprofile]
 */
import { copyFile, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { freePorts } from '../testing/free-ports.ts'
import { startChild, stopAllChildren } from './child.ts'
import { operation } from './graphql.ts'
import { startLoadGenerator } from './load-generator.ts'
import { type CpuProfile, shares } from './profile-shares.ts'
import { seed } from './seed.ts'

const { values: options } = parseArgs({
  options: {
    seconds: { type: 'string', default: '20' },
    concurrency: { type: 'string', default: '16' },
    out: { type: 'string' },
  },
})

const folder = await mkdtemp(path.join(tmpdir(), 'moblog-profile-'))
const load = startLoadGenerator()
const microseconds = () => Number(process.hrtime.bigint() / 1000n)
try {
  const [port = 0] = await freePorts(1)
  await startChild({
    name: 'one process',
    program: fileURLToPath(new URL('../main.ts', import.meta.url)),
    options: ['--cpu-prof', '--cpu-prof-dir', folder],
    env: {
      NODE_ENV: 'production',
      WORKERS: '1',
      LOG_LEVEL: 'error',
      PORT: `${port}`,
      MOBLOG_DATA_DIR: path.join(folder, 'data'),
      PUBLIC_URL: `http://localhost:${port}`,
      ALLOW_BUNDLED_FFMPEG: 'true',
    },
    readyUrl: `http://localhost:${port}/readyz`,
  })
  const url = `http://localhost:${port}/graphql`
  const { tokens, variables } = await seed(url, 20, 64)
  const request = {
    url,
    viewers: tokens.map((token) => ({ authorization: `Bearer ${token}` })),
    body: JSON.stringify({ query: await operation('friend-moblog'), variables }),
    concurrency: Number(options.concurrency),
  }
  await load.run({ ...request, seconds: 5 })
  const from = microseconds()
  const { perSecond, requests } = await load.run({ ...request, seconds: Number(options.seconds) })
  const to = microseconds()
  // Node writes the profile when it exits.
  await stopAllChildren()

  const names = (await readdir(folder)).filter((name) => name.endsWith('.cpuprofile'))
  const files = names.map((name) => path.join(folder, name))
  const profiles = await Promise.all(files.map(async (file) => JSON.parse(await readFile(file, 'utf8'))))
  // Threads of the process write profiles too; the main thread has the most samples while requests come in.
  const measured = profiles.map((profile: CpuProfile) => shares(profile, from, to))
  const busiest = measured.reduce((best, each) => (each.busyMs > best.busyMs ? each : best))
  if (options.out) await copyFile(files[measured.indexOf(busiest)] ?? '', options.out)
  console.log(
    `${perSecond.toFixed(0)} requests a second, ${(busiest.busyMs / requests).toFixed(2)} ms each on the main thread`,
  )
  for (const { name, share } of busiest.parts)
    console.log(`${(share * 100).toFixed(1).padStart(5)}%  ${name}`)
} finally {
  load.stop()
  await stopAllChildren()
  await rm(folder, { recursive: true, force: true })
}
