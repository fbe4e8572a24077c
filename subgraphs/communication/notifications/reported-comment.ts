import type { ReportPostActivityInput } from '../../../generated/graphql/internal/communication.ts'
import { requireIds } from '../require-ids.ts'

/**
 * The comment that a report is about.
 *
 * @throws VisibleError `BAD_USER_INPUT` if the report names none
 */
export function commentOf({ commentId }: ReportPostActivityInput): string {
  return requireId(commentId)
}

/**
 * The author of the comment that was liked or replied to.
 *
 * @throws VisibleError `BAD_USER_INPUT` if the report names none
 */
export function commentAuthorOf({ commentAuthorId }: ReportPostActivityInput): string {
  return requireId(commentAuthorId)
}

function requireId(reported: string | null | undefined): string {
  const id = reported ?? ''
  requireIds(id)
  return id
}
