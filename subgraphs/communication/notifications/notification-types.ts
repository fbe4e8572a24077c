import type { Resolvers } from '../../../generated/graphql/communication.ts'
import type { Pool } from '../database.ts'
import { countUnread } from './inbox-store.ts'
import { notificationKinds } from './kinds/kinds.ts'

const typeOfKind = new Map(notificationKinds.map(({ name, type }) => [name, type]))

// Each kind's resolvers have the type that NotificationKind gives them.
const resolversOfKinds: object = Object.fromEntries(
  notificationKinds.map(({ type, resolvers }) => [type, resolvers]),
)

/** Resolvers of the notification types, of the references in them, and of the inbox. */
export const notificationTypes = (pool: Pool) =>
  ({
    ...resolversOfKinds,
    Notification: { __resolveType: ({ kind }) => typeOfKind.get(kind) ?? null },
    Post: { reference: ({ id }) => id },
    Comment: { reference: ({ id }) => id },
    UploadSession: { reference: ({ id }) => id },
    NotificationConnection: { unreadCount: ({ userId }) => countUnread(pool, userId) },
  }) satisfies Resolvers
