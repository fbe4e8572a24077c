import { spawn } from 'node:child_process'
import { existsSync, globSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { prismaEnvironment, projectRoot } from './prisma-environment.ts'

const require = createRequire(import.meta.url)

/** Runs a Node program and shows its output only if it fails. */
function run(title: string, script: string, args: string[], env: NodeJS.ProcessEnv): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script, ...args], { cwd: projectRoot, env })
    let output = ''
    const collect = (chunk: Buffer) => {
      output += chunk
    }
    child.stdout.on('data', collect)
    child.stderr.on('data', collect)
    child.once('error', reject)
    child.once('close', (code) => (code === 0 ? resolve() : reject(new Error(`${title} failed\n${output}`))))
  })
}

/** Generates one Prisma client per folder of prisma/ that has a schema.prisma. */
function generatePrismaClients(): Promise<void>[] {
  const cli = require.resolve('prisma/build/index.js')
  return globSync('prisma/*/schema.prisma', { cwd: projectRoot }).map((schema) => {
    const subgraph = path.basename(path.dirname(schema))
    return run(`prisma generate (${subgraph})`, cli, ['generate', '--no-hints'], prismaEnvironment(subgraph))
  })
}

/**
 * Generates types from codegen.yml. `npm ci --omit=dev` does not install the generator, because types are not needed at
 * run time.
 */
function generateGraphqlTypes(): Promise<void>[] {
  if (!existsSync(path.join(projectRoot, 'codegen.yml'))) return []
  const cli = path.join(projectRoot, 'node_modules/@graphql-codegen/cli/esm/bin.js')
  return existsSync(cli) ? [run('graphql-codegen', cli, ['--silent'], process.env)] : []
}

const results = await Promise.allSettled([...generatePrismaClients(), ...generateGraphqlTypes()])
for (const result of results) {
  if (result.status === 'fulfilled') continue
  console.error(result.reason instanceof Error ? result.reason.message : result.reason)
  process.exitCode = 1
}
