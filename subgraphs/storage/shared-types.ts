import { GraphQLUpload } from 'graphql-upload-minimal'
import type { Resolvers as InternalResolvers } from '../../generated/graphql/internal/storage.ts'
import type { Resolvers } from '../../generated/graphql/storage.ts'
import type { Module } from '../../platform/module.ts'
import { ByteCount, DateTime, WebAddress } from '../../platform/scalars.ts'

/** The scalars, and the entities of other subgraphs to which modules add fields. */
export const sharedTypes = {
  resolvers: {
    DateTime,
    WebAddress,
    ByteCount,
    Upload: GraphQLUpload,
    User: {
      __resolveReference: ({ id }) => ({ id }),
    },
  } satisfies Resolvers,
  internalResolvers: { DateTime, WebAddress, ByteCount } satisfies InternalResolvers,
} satisfies Module
