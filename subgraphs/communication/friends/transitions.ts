import type { RelationshipKind } from '../people/relationship.ts'

/** What a user does about another user. */
export type Step = 'request' | 'cancel' | 'accept' | 'decline' | 'unfriend' | 'block' | 'unblock'

/** The result of a step: a new relationship, or the reason why there is none. */
export type Transition =
  /** `revokes`: the tokens of both users for the other one's media and page stop working. */
  | { to: RelationshipKind; revokes: boolean }
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
export function nextRelationship(kind: RelationshipKind, step: Step): Transition {
  if (kind === 'BLOCKED_BY') return 'no such user'
  switch (step) {
    case 'block':
      // A block ends any relationship. It also revokes tokens of strangers, who may hold some for public content.
      return kind === 'BLOCKED' ? 'unchanged' : { to: 'BLOCKED', revokes: true }
    case 'unblock':
      return kind === 'BLOCKED' ? { to: 'NONE', revokes: false } : 'unchanged'
    case 'unfriend':
      return kind === 'FRIEND' ? { to: 'NONE', revokes: true } : 'unchanged'
    case 'cancel':
      return withdrawn(kind, 'REQUEST_SENT')
    case 'decline':
      return withdrawn(kind, 'REQUEST_RECEIVED')
    case 'request':
    case 'accept':
      return approached(kind, step)
  }
}

function withdrawn(kind: RelationshipKind, from: RelationshipKind): Transition {
  if (kind === 'FRIEND') return 'friends already'
  return kind === from ? { to: 'NONE', revokes: false } : 'unchanged'
}

function approached(kind: RelationshipKind, step: 'request' | 'accept'): Transition {
  if (kind === 'BLOCKED') return 'blocked'
  if (kind === 'FRIEND') return 'unchanged'
  if (kind === 'REQUEST_RECEIVED') return { to: 'FRIEND', revokes: false }
  if (step === 'accept') return 'not asked'
  return kind === 'REQUEST_SENT' ? 'unchanged' : { to: 'REQUEST_SENT', revokes: false }
}

const MIRROR: Record<RelationshipKind, RelationshipKind> = {
  NONE: 'NONE',
  FRIEND: 'FRIEND',
  REQUEST_SENT: 'REQUEST_RECEIVED',
  REQUEST_RECEIVED: 'REQUEST_SENT',
  BLOCKED: 'BLOCKED_BY',
  BLOCKED_BY: 'BLOCKED',
}

/** Returns the same relationship as the other user sees it. */
export function mirrored(kind: RelationshipKind): RelationshipKind {
  return MIRROR[kind]
}
