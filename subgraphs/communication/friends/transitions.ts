import type { RelationshipRow } from './relationship.ts'

/** What a user does about another user. */
export type Step = 'request' | 'cancel' | 'accept' | 'decline' | 'unfriend' | 'block' | 'unblock'

/** The result of a step: a new relationship, or the reason why there is none. */
export type Transition =
  /** `revokes`: the tokens of both users for the other one's media and page stop working. */
  | { to: RelationshipRow; revokes: boolean }
  | 'unchanged'
  /** The other user must look as if they did not exist. */
  | 'no such user'
  /** The user has blocked the other user and has to unblock them first. */
  | 'blocked'
  /** There is no request to accept. */
  | 'not asked'
  /** The request has been accepted, so it can be neither cancelled nor declined. */
  | 'friends already'

/**
 * Returns the result of a step, given the relationship as seen by the user who takes it. Repeating a step changes
 * nothing.
 */
export function nextRelationship(tie: RelationshipRow, step: Step): Transition {
  if (tie === 'BLOCKED_BY') return 'no such user'
  switch (step) {
    case 'block':
      // A block ends any relationship. It also revokes tokens of strangers, who may hold some for public content.
      return tie === 'BLOCKED' ? 'unchanged' : { to: 'BLOCKED', revokes: true }
    case 'unblock':
      return tie === 'BLOCKED' ? { to: 'NONE', revokes: false } : 'unchanged'
    case 'unfriend':
      return tie === 'FRIEND' ? { to: 'NONE', revokes: true } : 'unchanged'
    case 'cancel':
      return withdrawn(tie, 'REQUEST_SENT')
    case 'decline':
      return withdrawn(tie, 'REQUEST_RECEIVED')
    case 'request':
    case 'accept':
      return approached(tie, step)
  }
}

function withdrawn(tie: RelationshipRow, from: RelationshipRow): Transition {
  if (tie === 'FRIEND') return 'friends already'
  return tie === from ? { to: 'NONE', revokes: false } : 'unchanged'
}

function approached(tie: RelationshipRow, step: 'request' | 'accept'): Transition {
  if (tie === 'BLOCKED') return 'blocked'
  if (tie === 'FRIEND') return 'unchanged'
  if (tie === 'REQUEST_RECEIVED') return { to: 'FRIEND', revokes: false }
  if (step === 'accept') return 'not asked'
  return tie === 'REQUEST_SENT' ? 'unchanged' : { to: 'REQUEST_SENT', revokes: false }
}

const MIRROR: Record<RelationshipRow, RelationshipRow> = {
  NONE: 'NONE',
  FRIEND: 'FRIEND',
  REQUEST_SENT: 'REQUEST_RECEIVED',
  REQUEST_RECEIVED: 'REQUEST_SENT',
  BLOCKED: 'BLOCKED_BY',
  BLOCKED_BY: 'BLOCKED',
}

/** Returns the same relationship as the other user sees it. */
export function mirrored(tie: RelationshipRow): RelationshipRow {
  return MIRROR[tie]
}
