import type pg from 'pg'
import type { Resolvers } from '../../generated/graphql/communication.ts'
import type { PrismaClient } from '../../generated/prisma/communication/client.ts'
import type { Clock } from '../../platform/clock.ts'
import { ByteCount, DateTime, URL } from '../../platform/scalars.ts'
import type { Grants } from './access/grants.ts'
import { accessResolvers } from './access/resolvers.ts'
import type { Revocations } from './access/revocations.ts'
import { accountResolvers } from './accounts/resolvers.ts'
import type { SessionMaker } from './accounts/sessions.ts'
import { friendResolvers } from './friends/resolvers.ts'
import { registerResolvers } from './media-register/resolvers.ts'
import { uploadResolvers } from './uploads/resolvers.ts'
import type { StorageClient } from './uploads/storage-client.ts'
import type { UploadKeyMaker } from './uploads/upload-key.ts'

/** What the resolvers of all features work with. */
export type Deps = {
  db: PrismaClient
  pool: pg.Pool
  clock: Clock
  sessions: SessionMaker
  grants: Grants
  revocations: Revocations
  storage: StorageClient
  keys: UploadKeyMaker
}

/** All that communication resolves. */
export function createResolvers(deps: Deps): Resolvers {
  const accounts = accountResolvers(deps)
  const access = accessResolvers(deps)
  const friends = friendResolvers(deps)
  const register = registerResolvers(deps)
  const uploads = uploadResolvers(deps)
  return {
    DateTime,
    URL,
    ByteCount,
    Query: { ...accounts.Query, ...access.Query },
    Mutation: { ...accounts.Mutation, ...friends.Mutation, ...register.Mutation, ...uploads.Mutation },
    User: accounts.User,
    Media: access.Media,
    Moblog: access.Moblog,
  }
}
