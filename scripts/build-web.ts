/**
 * Builds the web client into generated/web, unless it is newer than its sources: `npm run build:web`. After
 * `npm ci --omit=dev` there is no Vite, and nothing is built.
 */
import { existsSync, globSync, statSync } from 'node:fs'
import path from 'node:path'
import { projectRoot } from './prisma-environment.ts'

const SOURCES = [
  'web/**/*.{css,html,json,png,svg,ts,webmanifest}',
  'generated/graphql/web.ts',
  'package-lock.json',
]

const builtAt = changedAt(path.join(projectRoot, 'generated/web/service-worker.js'))
const newest = Math.max(
  ...SOURCES.flatMap((pattern) => globSync(pattern, { cwd: projectRoot })).map((file) =>
    changedAt(path.join(projectRoot, file)),
  ),
)
const isInstalled = existsSync(path.join(projectRoot, 'node_modules/vite/package.json'))
if (isInstalled && builtAt < newest) {
  // Tests set it to `test`, with which Vite would build for development: without a service worker.
  process.env.NODE_ENV = 'production'
  const { build } = await import('vite')
  const root = path.join(projectRoot, 'web')
  await build({ root, configFile: path.join(root, 'vite.config.ts'), logLevel: 'warn' })
}

function changedAt(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0
}
