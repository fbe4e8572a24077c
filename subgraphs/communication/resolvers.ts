import type pg from 'pg'
import type { Resolvers } from '../../generated/graphql/communication.ts'
import type { Resolvers as InternalResolvers } from '../../generated/graphql/internal/communication.ts'
import type { PrismaClient } from '../../generated/prisma/communication/client.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Enqueue } from '../../platform/outbox/enqueue.ts'
import { ByteCount, DateTime, WebAddress } from '../../platform/scalars.ts'
import { internalAccessResolvers } from './access/internal-resolvers.ts'
import { accessResolvers } from './access/resolvers.ts'
import type { TokenIssuer } from './access/token-issuer.ts'
import type { TokenRevocations } from './access/token-revocations.ts'
import type { Attempts } from './accounts/attempts.ts'
import { internalAccountResolvers } from './accounts/internal-resolvers.ts'
import { accountResolvers } from './accounts/resolvers.ts'
import type { SessionMaker } from './accounts/sessions.ts'
import { erasureResolvers } from './erasure/resolvers.ts'
import { internalFriendResolvers } from './friends/related-ids.ts'
import type { RequestLimits } from './friends/request-limits.ts'
import { friendResolvers } from './friends/resolvers.ts'
import { internalRegisterResolvers } from './media-register/internal-resolvers.ts'
import { internalNotificationResolvers } from './notifications/internal-resolvers.ts'
import { notificationResolvers } from './notifications/resolvers.ts'
import { internalPresenceResolvers } from './presence/internal-resolvers.ts'
import { presenceResolvers } from './presence/resolvers.ts'
import { profileResolvers } from './profiles/resolvers.ts'
import { uploadResolvers } from './uploads/resolvers.ts'
import type { StorageClient } from './uploads/storage-client.ts'
import type { UploadKeyMaker } from './uploads/upload-key.ts'

/** Dependencies of the resolvers of all modules. */
export type Deps = {
  db: PrismaClient
  pool: pg.Pool
  clock: Clock
  enqueue: Enqueue
  resume(topic: string): Promise<unknown[]>
  sessions: SessionMaker
  attempts: Attempts
  signsInElsewhere: boolean
  tokens: TokenIssuer
  revocations: TokenRevocations
  storage: StorageClient
  keys: UploadKeyMaker
  requestLimits: RequestLimits
}

/** All resolvers of the communication subgraph. */
export function createResolvers(deps: Deps): Resolvers {
  const accounts = accountResolvers(deps)
  const access = accessResolvers(deps)
  const erasure = erasureResolvers(deps)
  const friends = friendResolvers(deps)
  const notifications = notificationResolvers(deps)
  const profiles = profileResolvers(deps)
  const uploads = uploadResolvers(deps)
  return {
    ...notifications.types,
    DateTime,
    WebAddress,
    ByteCount,
    Query: {
      ...accounts.Query,
      ...erasure.Query,
      ...notifications.Query,
      ...profiles.Query,
    },
    Mutation: {
      ...accounts.Mutation,
      ...erasure.Mutation,
      ...friends.Mutation,
      ...notifications.Mutation,
      ...profiles.Mutation,
      ...uploads.Mutation,
    },
    User: {
      ...accounts.User,
      ...friends.User,
      ...notifications.User,
      ...presenceResolvers.User,
      ...profiles.User,
    },
    Media: access.Media,
    Moblog: access.Moblog,
  }
}

/** All resolvers of the internal API of communication. */
export function createInternalResolvers(deps: Deps): InternalResolvers {
  const access = internalAccessResolvers(deps)
  const accounts = internalAccountResolvers(deps)
  const friends = internalFriendResolvers(deps.pool)
  const notifications = internalNotificationResolvers(deps)
  const presence = internalPresenceResolvers(deps)
  const register = internalRegisterResolvers(deps)
  return {
    DateTime,
    WebAddress,
    Query: { ...access.Query, ...accounts.Query, ...friends.Query, ...notifications.Query },
    Mutation: {
      ...access.Mutation,
      ...accounts.Mutation,
      ...notifications.Mutation,
      ...presence.Mutation,
      ...register.Mutation,
    },
  }
}
