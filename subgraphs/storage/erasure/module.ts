import type { Module } from '../../../platform/module.ts'
import { type Erasing, eraseUser } from './erase-user.ts'
import { eraseUserMediaResolvers } from './resolvers.ts'

/** Erases what the service stores of a user whose account is deleted. */
export function erasureModule(deps: Erasing): Module {
  return { internalResolvers: eraseUserMediaResolvers({ eraseUser: (userId) => eraseUser(deps, userId) }) }
}
