/**
 * Checks imports against the rules in .dependency-cruiser.js. It also checks two rules that dependency-cruiser cannot
 * express: the imports between the folders of a subgraph, and which files send statements to the database.
 */
import { readFileSync } from 'node:fs'
import { cruise, type IModule, type IViolation } from 'dependency-cruiser'
import extractDepcruiseOptions from 'dependency-cruiser/config-utl/extract-depcruise-options'
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config'
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
  'web/src',
]

const NO_FOLDER_CYCLE =
  'no-folder-cycle: no capability folder of a subgraph imports itself through other folders, imports of types included.'

const STATEMENTS_IN_STORES =
  'statements-in-stores: only stores and database.ts send statements to the database. A transaction begins with inTransaction.'

// Calls of a Prisma client, of a transaction, or of a pool.
const STATEMENT = /\.\$(queryRaw|executeRaw|transaction)|\b(db|tx)\.[a-z]\w*\.[a-z]\w*\(|\.query(<[^(]*>)?\(/

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

/** Describes a violation by its two files, or a cycle by its files, beginning with the first in the alphabet. */
function described({ from, to, cycle }: IViolation): string {
  if (!cycle) return `${from} imports ${to}`
  const files = cycle.map(({ name }) => name)
  const first = files.indexOf([...files].sort()[0] ?? '')
  return [...files.slice(first), ...files.slice(0, first)].join(' → ')
}

/** Returns the files of subgraphs that send statements to the database, and are not stores. */
function statementsOutsideStores(modules: readonly IModule[]): string[] {
  return modules
    .map(({ source }) => source)
    .filter((file) => file.startsWith('subgraphs/') && !/(\.test|-store|\/database)\.ts$/.test(file))
    .filter((file) => STATEMENT.test(readFileSync(file, 'utf8')))
}

process.chdir(projectRoot)
const { output } = await cruise(
  FOLDERS,
  await extractDepcruiseOptions('./.dependency-cruiser.js'),
  undefined,
  { tsConfig: extractTSConfig('tsconfig.json') },
)
if (typeof output === 'string') throw new Error(output)

const comments = new Map(output.summary.ruleSetUsed?.forbidden?.map(({ name, comment }) => [name, comment]))
const problems = [
  ...output.summary.violations.map(
    (violation) => `${described(violation)}\n  ${violation.rule.name}: ${comments.get(violation.rule.name)}`,
  ),
  ...folderCycles(output.modules).map((cycle) => `${cycle}\n  ${NO_FOLDER_CYCLE}`),
  ...statementsOutsideStores(output.modules).map((file) => `${file}\n  ${STATEMENTS_IN_STORES}`),
]
for (const problem of new Set(problems)) console.error(problem)
if (problems.length > 0) process.exitCode = 1
