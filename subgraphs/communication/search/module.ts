import type { Module } from '../../../platform/module.ts'
import type { Resources } from '../resources.ts'
import { foldUnfolded } from './fold-unfolded.ts'
import { searchResolvers } from './resolvers.ts'

/** The dependencies of this module. */
export type SearchDeps = Pick<Resources, 'db' | 'pool' | 'log'>

const HOUR_MS = 3_600_000

/** The search for users by name. */
export function searchModule({ db, pool, log }: SearchDeps): Module {
  return {
    resolvers: searchResolvers({ pool }),
    jobs: [{ name: 'backfill search entries', everyMs: HOUR_MS, run: () => foldUnfolded(db, log) }],
  }
}
