import type { Audience } from '../../../generated/graphql/blog.ts'

/** To whom a post is shown. */
export type Shown = { audience: Audience; audienceListId: string | null }

/** Whether everyone who sees a post with the second audience also sees a post with the first one. */
export function includes(one: Shown, other: Shown): boolean {
  if (one.audience === 'PUBLIC' || other.audience === 'ONLY_ME') return true
  if (one.audience === 'FRIENDS') return other.audience !== 'PUBLIC'
  return one.audience === other.audience && one.audienceListId === other.audienceListId
}

/**
 * How friends notice a change of the audience: `PUBLISHED` if some may see the post only now, and `HIDDEN` if only its
 * author sees it now. Null otherwise: `communication` hides notifications from friends who have left an audience list.
 */
export function noticeOf(before: Shown, after: Shown): 'PUBLISHED' | 'HIDDEN' | null {
  if (after.audience === 'ONLY_ME') return before.audience === 'ONLY_ME' ? null : 'HIDDEN'
  return includes(toFriends(before), toFriends(after)) ? null : 'PUBLISHED'
}

function toFriends(shown: Shown): Shown {
  return shown.audience === 'PUBLIC' ? { ...shown, audience: 'FRIENDS' } : shown
}
