/**
 * `npm run dev`: runs the product in one process and restarts it after a change. It composes and generates first if a
 * schema, an operation or a Prisma schema has changed. The database keeps running between restarts.
 */
import { spawn } from 'node:child_process'
import { styleText } from 'node:util'
import { gatewayConfig } from '../gateway/config.ts'
import { readCommandLine } from '../hosting/command-line.ts'
import { databaseSetting, openDatabases } from '../hosting/databases.ts'
import { run } from '../hosting/run.ts'
import { SUBGRAPHS } from '../hosting/services.ts'
import { allInOneSettings } from '../hosting/settings.ts'
import { readConfig } from '../platform/config.ts'
import type { Log } from '../platform/log.ts'
import { watchChanges } from './dev/changes.ts'
import { partsOf } from './dev/parts.ts'
import { productProcess } from './dev/product-process.ts'
import { type Step, stepsAfter } from './dev/steps-after.ts'
import { projectRoot } from './prisma-environment.ts'

const say = (text: string) => process.stdout.write(`${styleText('cyan', `dev: ${text}`)}\n`)
const silent = () => {}
const log: Log = {
  debug: silent,
  info: silent,
  warn: (fields: unknown, message?: string) => say(`${message} ${JSON.stringify(fields)}`),
  error: (fields: unknown, message?: string) => say(`${message} ${JSON.stringify(fields)}`),
}

/** Runs a script behind an npm command and returns whether it succeeded. The script prints its own errors. */
function runScript(step: Exclude<Step, 'restart'>): Promise<boolean> {
  const child = spawn(process.execPath, [`scripts/${step}.ts`], { cwd: projectRoot, stdio: 'inherit' })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve(code === 0))
  })
}

const { values } = readCommandLine({
  usage: 'npm run dev -- [--inspect]',
  summary: 'Runs Moblog in this terminal, and restarts it after a change of its sources or schemas.',
  options: { inspect: { type: 'boolean', default: false } },
  optionHelp: ['--inspect      lets a debugger attach on port 9229'],
  settings: allInOneSettings,
})

await run(async () => {
  const { PORT } = readConfig(gatewayConfig, process.env)
  const changes = watchChanges(projectRoot)
  const database = await openDatabases(SUBGRAPHS, process.env, log)
  const parts = partsOf(SUBGRAPHS)
  const product = productProcess({
    parts,
    // The first change is probably in a subgraph.
    firstParts: parts.filter(({ entry }) => !entry.startsWith('subgraphs/')),
    root: projectRoot,
    inspect: values.inspect,
    env: {
      ...process.env,
      ...Object.fromEntries(SUBGRAPHS.map((name) => [databaseSetting(name), database.urlOf(name)])),
    },
    liveUrl: `http://localhost:${PORT}/livez`,
  })
  let isStopping = false

  async function apply(steps: readonly Step[]): Promise<void> {
    const startedAt = performance.now()
    for (const step of steps) {
      if (step === 'restart') continue
      say(`${step}…`)
      if (await runScript(step)) continue
      say(`${step} failed; the product runs on as it was`)
      return
    }
    // The generated files have just changed, and the restart that follows reads them.
    changes.forget('generated')
    const restarted = await product.restart()
    if (isStopping) return
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
    if (restarted === 'answers') say(`answers after ${seconds} s at http://localhost:${PORT}/graphql`)
    else if (restarted === 'not loaded')
      say('the product could not be loaded; what ran before runs on, and the next change loads it again')
    else say(`the product has ended (${restarted.ended}); it starts again after the next change`)
  }

  async function follow(): Promise<void> {
    await apply(['restart'])
    while (!isStopping) {
      // Editors also create temporary files, which need no step.
      const files = (await changes.take()).filter((file) => stepsAfter([file]).length > 0)
      const steps = stepsAfter(files)
      if (steps.length === 0 || isStopping) continue
      say(`${files.slice(0, 3).join(', ')}${files.length > 3 ? ` and ${files.length - 3} more` : ''} changed`)
      product.filesChanged(files)
      await apply(steps)
    }
  }
  void follow()
  return {
    log,
    async stop() {
      isStopping = true
      changes.stop()
      await product.stop()
      await database.stop()
    },
  }
})
