/**
 * Makes the current schema the released one: copies `schema/api.graphql` to `schema/released/api.graphql`, and notes the
 * release in the approvals of its breaking changes. Run it with `npm run release-schema` for each release.
 */
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { APPROVALS_FOLDER, markReleased } from '../schema/contract/approvals.ts'
import { findReleaseObstacles, openApprovals, readContract } from '../schema/contract/contract.ts'

const inSchema = (file: string) => new URL(`../schema/${file}`, import.meta.url)

const contract = readContract()
const today = new Date().toISOString().slice(0, 10)
const obstacles = await findReleaseObstacles(contract, today)
if (obstacles.length > 0) {
  console.error(obstacles.join('\n'))
  process.exitCode = 1
} else {
  copyFileSync(inSchema('api.graphql'), inSchema('released/api.graphql'))
  for (const { file } of openApprovals(contract)) {
    const approval = new URL(file, APPROVALS_FOLDER)
    writeFileSync(approval, markReleased(readFileSync(approval, 'utf8'), today))
  }
}
