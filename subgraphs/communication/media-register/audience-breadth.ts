import type { Audience } from '../../../generated/graphql/internal/communication.ts'

/** The users to whom a post shows its media. */
export type PostAudience = {
  audience: Audience
  /** The audience list of `ONLY_LIST` and `EXCEPT_LIST`; null for other audiences. */
  audienceListId: string | null
}

/**
 * Whether some viewers who could play a media file before may no longer. It errs on the safe side: it does not know that
 * a list and everyone who is not in it are all friends.
 *
 * @param now the audiences of the posts that show the media
 */
export function isNarrower(now: readonly PostAudience[], before: readonly PostAudience[]): boolean {
  return before.some((earlier) => !now.some((each) => includes(each, earlier)))
}

function includes(one: PostAudience, other: PostAudience): boolean {
  if (one.audience === 'PUBLIC' || other.audience === 'ONLY_ME') return true
  if (one.audience === 'FRIENDS') return other.audience !== 'PUBLIC'
  return one.audience === other.audience && one.audienceListId === other.audienceListId
}
