import type {
  ReportPostActivityInput,
  ReportUploadActivityInput,
} from '../../../generated/graphql/internal/communication.ts'
import { notificationKinds } from './kinds/kinds.ts'
import type { ReportDeps } from './notification-kind.ts'
import { postSubject, retract } from './retraction-store.ts'

/**
 * Handles a report of activity on a post: every kind of notification that the activity concerns handles it. Retracted
 * activity stays hidden, even if the report of its retraction arrives before the report of the activity.
 */
export async function handlePostActivity(deps: ReportDeps, report: ReportPostActivityInput): Promise<void> {
  const { kind, postId, occurredAt: at } = report
  if (kind === 'DELETED') await retract(deps.db, { subject: postSubject(postId), actorId: null, at })
  for (const { onPostActivity } of notificationKinds) await onPostActivity?.[kind]?.(deps, report)
}

/** Handles a report of activity on an upload: every kind of notification that the activity concerns handles it. */
export async function handleUploadActivity(
  deps: ReportDeps,
  report: ReportUploadActivityInput,
): Promise<void> {
  for (const { onUploadActivity } of notificationKinds) await onUploadActivity?.[report.kind]?.(deps, report)
}
