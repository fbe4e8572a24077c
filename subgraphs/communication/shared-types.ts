import type { Resolvers } from '../../generated/graphql/communication.ts'
import type { Resolvers as InternalResolvers } from '../../generated/graphql/internal/communication.ts'
import type { Module } from '../../platform/module.ts'
import { ByteCount, DateTime, WebAddress } from '../../platform/scalars.ts'

/** The scalars. */
export const sharedTypes = {
  resolvers: { DateTime, WebAddress, ByteCount } satisfies Resolvers,
  internalResolvers: { DateTime, WebAddress } satisfies InternalResolvers,
} satisfies Module
