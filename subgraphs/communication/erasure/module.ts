import type { Module } from '../../../platform/module.ts'
import type { Resources } from '../resources.ts'
import type { DeletingAccount } from './delete-account.ts'
import { erasureDelivery } from './erasure-delivery.ts'
import { erasureResolvers } from './resolvers.ts'

/** The dependencies of this module. */
export type ErasureDeps = DeletingAccount & Pick<Resources, 'peer'>

/** Deletes accounts, and erases in all services what their users stored. */
export function erasureModule({ peer, ...deleting }: ErasureDeps): Module {
  const { db, clock } = deleting
  return {
    resolvers: erasureResolvers(deleting),
    outboxHandlers: erasureDelivery({ db, peer, clock }),
  }
}
