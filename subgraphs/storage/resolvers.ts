import { GraphQLUpload } from 'graphql-upload-minimal'
import type { Resolvers as InternalResolvers } from '../../generated/graphql/internal/storage.ts'
import type { Resolvers } from '../../generated/graphql/storage.ts'
import { ByteCount, DateTime, WebAddress } from '../../platform/scalars.ts'
import { type InternalCapacityDeps, internalCapacityResolvers } from './capacity/internal-resolvers.ts'
import { type CapacityDeps, capacityResolvers } from './capacity/resolvers.ts'
import { type Erasing, internalErasureResolvers } from './erasure/erase-user.ts'
import { internalMediaResolvers } from './media/internal-resolvers.ts'
import { type MediaDeps, mediaResolvers } from './media/resolvers.ts'
import { type DeliveryDeps, internalDeliveryResolvers } from './revocations/internal-resolvers.ts'
import { type InternalUploadDeps, internalUploadResolvers } from './uploads/internal-resolvers.ts'
import { uploadResolvers } from './uploads/resolvers.ts'
import type { UploadingFiles } from './uploads/upload-file.ts'

/** The dependencies of the public resolvers. */
export type Deps = { capacity: CapacityDeps; uploads: UploadingFiles; media: MediaDeps }

/** Combines the resolvers of all features into the resolvers of the storage subgraph. */
export function createResolvers(deps: Deps): Resolvers {
  const capacity = capacityResolvers(deps.capacity)
  const uploads = uploadResolvers(deps.uploads)
  const media = mediaResolvers(deps.media)
  return {
    DateTime,
    WebAddress,
    ByteCount,
    Upload: GraphQLUpload,
    Query: { ...uploads.Query, ...media.Query },
    Mutation: { ...uploads.Mutation, ...media.Mutation },
    User: {
      __resolveReference: ({ id }) => ({ id }),
      ...capacity.User,
      ...media.User,
    },
    Media: media.Media,
    UploadSession: uploads.UploadSession,
  }
}

/** The dependencies of the internal resolvers. */
export type InternalDeps = {
  capacity: InternalCapacityDeps
  uploads: InternalUploadDeps
  delivery: DeliveryDeps
  erasing: Erasing
}

/** Combines the internal resolvers of all features into the resolvers of the internal API. */
export function createInternalResolvers(deps: InternalDeps): InternalResolvers {
  return {
    DateTime,
    WebAddress,
    ByteCount,
    Query: internalMediaResolvers.Query,
    Mutation: {
      ...internalCapacityResolvers(deps.capacity).Mutation,
      ...internalUploadResolvers(deps.uploads).Mutation,
      ...internalDeliveryResolvers(deps.delivery).Mutation,
      ...internalErasureResolvers(deps.erasing).Mutation,
    },
    MediaRecord: internalMediaResolvers.MediaRecord,
  }
}
