import type { Module } from '../../../platform/module.ts'
import { type ProfileResolversDeps, profileResolvers } from './resolvers.ts'

/** The profiles of users. */
export function profilesModule({ db, clock, revocations }: ProfileResolversDeps): Module {
  return { resolvers: profileResolvers({ db, clock, revocations }) }
}
