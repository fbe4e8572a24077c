import { execFile, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { z } from 'zod'
import { eventually } from '../eventually.ts'
import { freePorts } from '../free-ports.ts'

const PROMETHEUS = process.env.PROMETHEUS_PATH ?? '/usr/bin/prometheus'
const PROMTOOL = path.join(path.dirname(PROMETHEUS), 'promtool')

/**
 * Returns `describe` if Prometheus is installed. Otherwise it prints a warning with the reason, and skips the tests.
 *
 * @throws Error in continuous integration, which must not pass with skipped tests
 */
export function describeWithPrometheus(): typeof describe {
  if (existsSync(PROMETHEUS) && existsSync(PROMTOOL)) return describe
  const missing = `There is no Prometheus at ${PROMETHEUS}: run apt-get install prometheus, or set PROMETHEUS_PATH.`
  if (process.env.CI) throw new Error(missing)
  process.stderr.write(`\n*** SKIPPED: dashboard and alert rules are not tested. ${missing} ***\n\n`)
  return describe.skip
}

/** Checks a file with promtool, and returns what it says. Rejects if the file is invalid. */
export async function promtool(...args: string[]): Promise<string> {
  return (await promisify(execFile)(PROMTOOL, args)).stdout
}

const vector = z.object({
  data: z.object({ result: z.array(z.object({ value: z.tuple([z.number(), z.string()]) })) }),
})
const rules = z.object({
  data: z.object({
    groups: z.array(z.object({ rules: z.array(z.object({ name: z.string(), health: z.string() })) })),
  }),
})

/** A running Prometheus. */
export type Prometheus = {
  /** Returns the current values of a query, without those that are not a number. */
  query(expression: string): Promise<number[]>
  /** Returns the health of each alert rule; `ok` after it was evaluated. */
  rules(): Promise<{ name: string; health: string }[]>
  close(): Promise<void>
}

/** Starts Prometheus, which reads the metrics on some ports of this machine each half second. */
export async function startPrometheus(ports: readonly number[], ruleFile: string): Promise<Prometheus> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'moblog-prometheus-'))
  const config = path.join(folder, 'prometheus.yml')
  const targets = ports.map((port) => `'127.0.0.1:${port}'`).join(', ')
  await writeFile(
    config,
    [
      'global: { scrape_interval: 500ms, scrape_timeout: 500ms, evaluation_interval: 500ms }',
      `rule_files: ['${ruleFile}']`,
      `scrape_configs: [{ job_name: moblog, static_configs: [{ targets: [${targets}] }] }]`,
    ].join('\n'),
  )
  const [port] = await freePorts(1)
  const address = `http://127.0.0.1:${port}`
  const child = spawn(
    PROMETHEUS,
    [
      `--config.file=${config}`,
      `--storage.tsdb.path=${path.join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--log.level=error',
    ],
    { stdio: 'ignore' },
  )
  const ended = new Promise((resolve) => child.once('close', resolve))
  const read = async (target: string): Promise<unknown> => {
    const response = await fetch(`${address}${target}`)
    const text = await response.text()
    if (!response.ok) throw new Error(`Prometheus answered ${response.status}: ${text}`)
    return JSON.parse(text)
  }
  await eventually(() => fetch(`${address}/-/ready`).then(({ ok }) => ok), 30_000)
  return {
    async query(expression) {
      const { data } = vector.parse(await read(`/api/v1/query?query=${encodeURIComponent(expression)}`))
      return data.result.map(({ value: [, text] }) => Number(text)).filter(Number.isFinite)
    },
    async rules() {
      return rules.parse(await read('/api/v1/rules')).data.groups.flatMap((group) => group.rules)
    },
    async close() {
      child.kill('SIGKILL')
      await ended
      await rm(folder, { recursive: true, force: true })
    },
  }
}
