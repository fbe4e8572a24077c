import type { Module } from '../../../platform/module.ts'
import type { Resources } from '../resources.ts'
import { peopleResolvers } from './resolvers.ts'

/** The dependencies of this module. */
export type PeopleDeps = Pick<Resources, 'pool'>

/** Users as the viewer sees them. */
export function peopleModule({ pool }: PeopleDeps): Module {
  return { resolvers: peopleResolvers({ pool }) }
}
