import type { Resolvers } from '../../generated/graphql/blog.ts'
import type { Resolvers as InternalResolvers } from '../../generated/graphql/internal/blog.ts'
import type { Module } from '../../platform/module.ts'
import { DateTime } from '../../platform/scalars.ts'
import { userReference } from './access/user-reference.ts'

/** The scalars, and the entities of other subgraphs to which modules add fields. */
export const sharedTypes = {
  resolvers: {
    DateTime,
    User: {
      __resolveReference: ({ id }) => userReference(id),
    },
  } satisfies Resolvers,
  internalResolvers: {
    DateTime,
    Query: { service: () => 'blog' },
  } satisfies InternalResolvers,
} satisfies Module
