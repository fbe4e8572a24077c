import type { Module } from '../../../platform/module.ts'
import type { Resources } from '../resources.ts'
import { eraseUser } from './erase-user.ts'
import { eraseUserPostsResolvers } from './resolvers.ts'

/** The dependencies of this module. */
export type ErasureDeps = Pick<Resources, 'pool'>

/** Erases what the service stores of a user whose account is deleted. */
export function erasureModule({ pool }: ErasureDeps): Module {
  return {
    internalResolvers: eraseUserPostsResolvers({
      eraseUser: (userId) => eraseUser(pool, userId, new Date()),
    }),
  }
}
