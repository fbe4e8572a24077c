import { GraphQLUpload } from 'graphql-upload-minimal'
import type { Resolvers } from '../../generated/graphql/storage.ts'
import { ByteCount, DateTime, WebAddress } from '../../platform/scalars.ts'
import { type CapacityDeps, capacityResolvers } from './capacity/resolvers.ts'
import { type DeliveryDeps, deliveryResolvers } from './delivery/resolvers.ts'
import { type Erasing, erasureResolvers } from './erasure/erase-user.ts'
import { type MediaDeps, mediaResolvers } from './media/resolvers.ts'
import { type UploadDeps, uploadResolvers } from './uploads/resolvers.ts'

/** The dependencies of all resolvers of this service. */
export type Deps = {
  capacity: CapacityDeps
  uploads: UploadDeps
  media: MediaDeps
  delivery: DeliveryDeps
  erasing: Erasing
}

/** Combines the resolvers of all features into the resolvers of the storage subgraph. */
export function createResolvers(deps: Deps): Resolvers {
  const capacity = capacityResolvers(deps.capacity)
  const uploads = uploadResolvers(deps.uploads)
  const media = mediaResolvers(deps.media)
  const delivery = deliveryResolvers(deps.delivery)
  const erasure = erasureResolvers(deps.erasing)
  return {
    DateTime,
    WebAddress,
    ByteCount,
    Upload: GraphQLUpload,
    Query: { ...uploads.Query, ...media.Query },
    Mutation: {
      ...capacity.Mutation,
      ...uploads.Mutation,
      ...media.Mutation,
      ...delivery.Mutation,
      ...erasure.Mutation,
    },
    User: {
      __resolveReference: ({ id }) => ({ id }),
      ...capacity.User,
      ...media.User,
    },
    Media: media.Media,
    UploadSession: uploads.UploadSession,
  }
}
