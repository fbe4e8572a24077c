/**
 * Checks imports against the rules in .dependency-cruiser.js. The violations of today are listed in
 * scripts/known-imports.json. A new violation fails, and so does an entry of the list that is no longer one, so the
 * list only becomes shorter.
 */
import { readFileSync } from 'node:fs'
import { cruise, type IModule, type IViolation } from 'dependency-cruiser'
import extractDepcruiseOptions from 'dependency-cruiser/config-utl/extract-depcruise-options'
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config'
import { z } from 'zod'
import { projectRoot } from './prisma-environment.ts'

const FOLDERS = [
  'gateway',
  'hosting',
  'main.js',
  'platform',
  'schema',
  'scripts',
  'subgraphs',
  'test',
  'testing',
]
const KNOWN = 'scripts/known-imports.json'

/** Imports between the folders of a subgraph are checked here, because dependency-cruiser knows only files. */
const NO_FOLDER_CYCLE = {
  name: 'no-folder-cycle',
  comment:
    'No capability folder of a subgraph imports itself through other folders, imports of types included.',
}

/** Returns the capability folder of a file, such as `subgraphs/blog/posts`; null for all other files. */
function capabilityOf(file: string): string | null {
  if (file.endsWith('.test.ts')) return null
  return /^(subgraphs\/[^/]+\/[^/]+)\//.exec(file)?.[1] ?? null
}

/** Returns the imports between capability folders: each folder with the folders that it imports. */
function importsOfFolders(modules: readonly IModule[]): Map<string, Set<string>> {
  const graph = new Map<string, Set<string>>()
  for (const { source, dependencies } of modules) {
    const from = capabilityOf(source)
    if (from === null) continue
    const imported = graph.get(from) ?? new Set()
    for (const { resolved } of dependencies) {
      const to = capabilityOf(resolved)
      if (to !== null && to !== from) imported.add(to)
    }
    graph.set(from, imported)
  }
  return graph
}

/** Returns whether a folder imports another one, also through other folders. */
function reaches(graph: Map<string, Set<string>>, from: string, to: string): boolean {
  const seen = new Set([from])
  for (const folder of seen) for (const next of graph.get(folder) ?? []) seen.add(next)
  return from !== to && seen.has(to)
}

/** Describes each import between two folders that is part of a cycle. */
function folderCycles(modules: readonly IModule[]): string[] {
  const graph = importsOfFolders(modules)
  return [...graph].flatMap(([from, imported]) =>
    [...imported].filter((to) => reaches(graph, to, from)).map((to) => `${from} → ${to}`),
  )
}

/** Describes a violation by its file, or a cycle by its files, beginning with the first in the alphabet. */
function described({ from, cycle }: IViolation): string {
  if (!cycle) return from
  const files = cycle.map(({ name }) => name)
  const first = files.indexOf([...files].sort()[0] ?? '')
  return [...files.slice(first), ...files.slice(0, first)].join(' → ')
}

process.chdir(projectRoot)
const known = z.record(z.string(), z.array(z.string())).parse(JSON.parse(readFileSync(KNOWN, 'utf8')))
const { output } = await cruise(
  FOLDERS,
  await extractDepcruiseOptions('./.dependency-cruiser.js'),
  undefined,
  { tsConfig: extractTSConfig('tsconfig.json') },
)
if (typeof output === 'string') throw new Error(output)

const { modules, summary } = output
const rules = summary.ruleSetUsed?.forbidden ?? []
const checks = [
  ...rules.map(({ name = '', comment = '' }) => {
    const violations = summary.violations.filter(({ rule }) => rule.name === name)
    return { name, comment, violations: violations.map((each) => ({ what: described(each), to: each.to })) }
  }),
  { ...NO_FOLDER_CYCLE, violations: folderCycles(modules).map((what) => ({ what, to: '' })) },
]
for (const unknown of Object.keys(known).filter((each) => checks.every(({ name }) => name !== each))) {
  console.error(`${KNOWN} names the rule ${unknown}, which does not exist.`)
  process.exitCode = 1
}
for (const { name, comment, violations } of checks) {
  const found = new Set(violations.map(({ what }) => what))
  const listed = new Set(known[name])
  for (const added of [...found].filter((each) => !listed.has(each))) {
    const targets = violations.filter(({ what }) => what === added).map(({ to }) => to)
    console.error(
      `${name}: ${added}${added.includes('→') ? '' : ` imports ${targets.join(', ')}`}. ${comment}`,
    )
    process.exitCode = 1
  }
  for (const gone of [...listed].filter((each) => !found.has(each))) {
    console.error(`${name}: ${gone} is no violation any more. Remove it from ${KNOWN}.`)
    process.exitCode = 1
  }
}
