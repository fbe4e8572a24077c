import type { Module } from '../../../platform/module.ts'
import { type PeopleResolversDeps, peopleResolvers } from './resolvers.ts'

/** Users as the viewer sees them. */
export function peopleModule(deps: PeopleResolversDeps): Module {
  return { resolvers: peopleResolvers(deps) }
}
