import type { NotificationResolvers, ResolversParentTypes } from '../../../generated/graphql/communication.ts'
import type {
  PostActivity,
  ReportPostActivityInput,
  ReportUploadActivityInput,
  UploadActivity,
} from '../../../generated/graphql/internal/communication.ts'
import type { Clock } from '../../../platform/clock.ts'
import type { Enqueue } from '../../../platform/outbox/enqueue.ts'
import type { Context } from '../context.ts'
import type { RootDb } from '../database.ts'
import type { StoredNotification } from './notification.ts'

/** The GraphQL types that implement `Notification`. */
export type NotificationType = NonNullable<
  Awaited<ReturnType<NonNullable<NotificationResolvers['__resolveType']>>>
>

/** The fields that a GraphQL type has in addition to those of `Notification`. */
type FieldsOf<Type extends NotificationType> = Omit<
  ResolversParentTypes[Type],
  keyof StoredNotification | '__typename'
>

/** Resolvers of these fields. A notification knows posts, comments and uploads only by `reference`. */
type ResolversOf<Type extends NotificationType> = {
  [Field in keyof FieldsOf<Type>]-?: (
    notification: StoredNotification,
    args: unknown,
    context: Context,
  ) => FieldsOf<Type>[Field] | Promise<FieldsOf<Type>[Field]>
}

/** What the handlers of reports use. */
export type ReportDeps = { db: RootDb; enqueue: Enqueue; clock: Clock }

/** Handles a report of another service. Reports may be repeated and arrive in any order. */
type ReportHandler<Report> = (deps: ReportDeps, report: Report) => Promise<void>

/** A kind of notification, for example that another user likes a post. Each file in `kinds/` exports one as `kind`. */
export type NotificationKind<Type extends NotificationType = NotificationType> = {
  /** Its name in the database. Stored notifications have it, so it does not change. */
  name: string
  type: Type
  resolvers: ResolversOf<Type>
  /** Handles reports of `blog`, by activity. `DELETED` needs no handler: a deleted post hides all its notifications. */
  onPostActivity?: { [Activity in PostActivity]?: ReportHandler<ReportPostActivityInput> }
  /** Handles reports of `storage`, by activity. */
  onUploadActivity?: { [Activity in UploadActivity]?: ReportHandler<ReportUploadActivityInput> }
  /**
   * Returns the SQL expressions of other subjects whose retraction hides the notification, in addition to the
   * notification's own subject and its post. A subject that is null hides nothing.
   *
   * @param n the alias of the notifications
   * @param r the alias of the reader's relationship to the actor; its kind is null if the two never had one
   */
  hiddenBySubjects?: (n: string, r: string) => readonly string[]
  /**
   * Returns the SQL condition that hides a notification for a reason of this kind.
   *
   * @param n the alias of the notifications
   */
  hiddenIf?: (n: string) => string
  /** Whether a notification is visible only while the actor is a friend of the recipient. */
  isFromFriendsOnly?: boolean
  /**
   * Returns the subject of the notification that a user has about the friendship with another user. It is deleted when
   * the friendship ends and when one of the two blocks the other.
   */
  friendshipSubject?: (actorId: string) => string
}

/** A kind with any of the GraphQL types. */
export type AnyNotificationKind = { [Type in NotificationType]: NotificationKind<Type> }[NotificationType]
