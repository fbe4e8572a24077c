/**
 * Checks imports against the rules in .dependency-cruiser.js. The violations of today are listed in
 * scripts/known-imports.json. A new violation fails, and so does an entry of the list that is no longer one, so the
 * list only becomes shorter.
 */
import { readFileSync } from 'node:fs'
import { cruise, type IViolation } from 'dependency-cruiser'
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

const rules = output.summary.ruleSetUsed?.forbidden ?? []
for (const unknown of Object.keys(known).filter((each) => rules.every(({ name }) => name !== each))) {
  console.error(`${KNOWN} names the rule ${unknown}, which .dependency-cruiser.js does not have.`)
  process.exitCode = 1
}
for (const { name, comment } of rules) {
  const violations = output.summary.violations.filter(({ rule }) => rule.name === name)
  const found = new Set(violations.map(described))
  const listed = new Set(known[name ?? ''])
  for (const added of [...found].filter((each) => !listed.has(each))) {
    const targets = violations.filter((violation) => described(violation) === added).map(({ to }) => to)
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
