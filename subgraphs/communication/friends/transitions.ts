import type { Tie } from './relationship.ts'

/** What a user does about another. */
export type Step = 'request' | 'cancel' | 'accept' | 'decline' | 'unfriend' | 'block' | 'unblock'

/** What comes of a step: a new tie, or none. */
export type Transition =
  /** `revokes`: what either may have been given for the other's media and page stops working. */
  | { to: Tie; revokes: boolean }
  | 'unchanged'
  /** The other must look as if they did not exist. */
  | 'no such user'
  /** The user has blocked the other, and has to undo that first. */
  | 'blocked'
  /** There is no request to accept. */
  | 'not asked'
  /** The request has been accepted, so that it can be neither taken back nor declined. */
  | 'friends already'

/** What a step leads to from a tie as the user who takes it sees it. Taking a step again changes nothing. */
export function nextTie(tie: Tie, step: Step): Transition {
  if (tie === 'BLOCKED_BY') return 'no such user'
  switch (step) {
    case 'block':
      // A block ends whatever there was, and strangers may hold tokens for what is public.
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

function withdrawn(tie: Tie, from: Tie): Transition {
  if (tie === 'FRIEND') return 'friends already'
  return tie === from ? { to: 'NONE', revokes: false } : 'unchanged'
}

function approached(tie: Tie, step: 'request' | 'accept'): Transition {
  if (tie === 'BLOCKED') return 'blocked'
  if (tie === 'FRIEND') return 'unchanged'
  if (tie === 'REQUEST_RECEIVED') return { to: 'FRIEND', revokes: false }
  if (step === 'accept') return 'not asked'
  return tie === 'REQUEST_SENT' ? 'unchanged' : { to: 'REQUEST_SENT', revokes: false }
}

const MIRROR: Record<Tie, Tie> = {
  NONE: 'NONE',
  FRIEND: 'FRIEND',
  REQUEST_SENT: 'REQUEST_RECEIVED',
  REQUEST_RECEIVED: 'REQUEST_SENT',
  BLOCKED: 'BLOCKED_BY',
  BLOCKED_BY: 'BLOCKED',
}

/** The same tie as the other side sees it. */
export function mirrored(tie: Tie): Tie {
  return MIRROR[tie]
}
