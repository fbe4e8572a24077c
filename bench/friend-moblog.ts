/**
 * Measures the friend's query in all modes of the product, and through other gateways; see README.md.
 *
 *     npm run friend-moblog -- [--seconds 3] [--rounds 5] [--without 'hive gateway' --without grafbase]
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { stopAllChildren } from './child.ts'
import { type Figures, rounded, type Sample, summarize, table } from './figures.ts'
import { ask, operation } from './graphql.ts'
import { type LoadGenerator, startLoadGenerator } from './load-generator.ts'
import { requireSameAnswers } from './same-answer.ts'
import { type Seeded, seed } from './seed.ts'
import { cpuSeconds, machineCpuSeconds, postgresCpuSeconds, residentMebibytes } from './usage.ts'
import { startVariants, type Variant } from './variants.ts'
import { viewerHeaders } from './viewers.ts'

const POSTS = 20
const FRIENDS = 64
const CONCURRENCIES = [1, 16, 64]
const WARM_UP_SECONDS = 4
const LEAD_IN_SECONDS = 0.5

const { values: options } = parseArgs({
  options: {
    seconds: { type: 'string', default: '3' },
    rounds: { type: 'string', default: '5' },
    without: { type: 'string', multiple: true, default: [] },
  },
})

const say = (text: string) => process.stderr.write(`${text}\n`)

async function measureAll(variants: Variant[], seeded: Seeded, load: LoadGenerator, dataDir: string) {
  const { tokens, variables } = seeded
  const headersOf = await viewerHeaders(dataDir)
  const query = await operation('friend-moblog')
  const body = JSON.stringify({ query, variables })
  const answers = await Promise.all(
    variants.map(async ({ name, url }) => {
      const [headers = {}] = await headersOf(tokens)
      return [name, await ask({ url, query, variables, headers })] as const
    }),
  )
  requireSameAnswers(Object.fromEntries(answers), POSTS)

  const spent = (pids: readonly number[]) => ({
    own: cpuSeconds(pids),
    postgres: postgresCpuSeconds(dataDir),
    load: cpuSeconds([load.pid]),
    machine: machineCpuSeconds(),
  })
  const measure = async ({ url, pids }: Variant, concurrency: number, seconds: number): Promise<Sample> => {
    // Assertions expire after a minute.
    const request = { url, viewers: await headersOf(tokens), body, concurrency }
    // Idle connections to the database were closed. Opening them again is not part of the query's cost.
    await load.run({ ...request, seconds: LEAD_IN_SECONDS })
    const before = { ...spent(pids), at: performance.now() }
    const result = await load.run({ ...request, seconds })
    const after = spent(pids)
    const own = after.own - before.own
    const postgres = after.postgres - before.postgres
    const others = after.machine - before.machine - own - postgres - (after.load - before.load)
    return {
      ...result,
      cpu: (own * 1000) / result.requests,
      postgresCpu: (postgres * 1000) / result.requests,
      resident: residentMebibytes(pids),
      elsewhere: others / (((performance.now() - before.at) / 1000) * cpus().length),
    }
  }

  for (const variant of variants) await measure(variant, Math.max(...CONCURRENCIES), WARM_UP_SECONDS)
  const samples = new Map<string, Sample[]>()
  const samplesOf = (variant: Variant, concurrency: number): Sample[] => {
    const key = `${variant.name} ${concurrency}`
    const known = samples.get(key) ?? []
    samples.set(key, known)
    return known
  }
  // In ascending order, because connection pools shrink slowly and would disturb a lower level after a higher one.
  for (const concurrency of CONCURRENCIES) {
    for (let round = 1; round <= Number(options.rounds); round++) {
      say(`${concurrency} at a time, round ${round} of ${options.rounds}`)
      for (const variant of variants) {
        samplesOf(variant, concurrency).push(await measure(variant, concurrency, Number(options.seconds)))
      }
    }
  }
  return CONCURRENCIES.flatMap((concurrency) =>
    variants.map((variant): Figures => {
      const baseline = samplesOf(variants[0] ?? variant, concurrency)
      return summarize(variant.name, concurrency, samplesOf(variant, concurrency), baseline)
    }),
  )
}

// The requests under way then fail, and the `finally` block below stops everything else.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stopAllChildren())

const dataDir = await mkdtemp(path.join(tmpdir(), 'moblog-bench-'))
const load = startLoadGenerator()
try {
  say('starting and filling the product')
  let seeded: Seeded | undefined
  const variants = await startVariants(dataDir, new Set(options.without), async (url) => {
    seeded = await seed(url, POSTS, FRIENDS)
  })
  if (!seeded) throw new Error('nothing was seeded')
  const figures = await measureAll(variants, seeded, load, dataDir)
  console.log(table(figures))
  const [{ model } = { model: 'unknown' }] = cpus()
  const machine = {
    date: new Date().toISOString(),
    node: process.version,
    cpu: `${cpus().length} x ${model}`,
  }
  console.log(JSON.stringify({ ...machine, figures: figures.map(rounded) }))
} finally {
  load.stop()
  await stopAllChildren()
  await rm(dataDir, { recursive: true, force: true })
}
