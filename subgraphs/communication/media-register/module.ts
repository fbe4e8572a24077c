import type { Module } from '../../../platform/module.ts'
import { internalRegisterResolvers, type RegisterDeps } from './internal-resolvers.ts'

/** The media that exist, and the posts that show them. */
export function mediaRegisterModule({ db, clock, revocations }: RegisterDeps): Module {
  return { internalResolvers: internalRegisterResolvers({ db, clock, revocations }) }
}
