import type { Post } from '../data/home-feed.ts'
import { words } from './messages.ts'

/** How a card shows the audience of a post: its icon, and in words where it is the viewer's and not for all friends. */
export function audienceOf({
  audience,
  audienceList,
  author,
}: Pick<Post, 'audience' | 'audienceList'> & { author: { relationship: string } | null }) {
  const { everyone, exceptList, friends, onlyYou, someFriends } = words()
  // A list that was deleted has no name.
  const name = audienceList?.name
  const { icon, who } = {
    PUBLIC: { icon: 'globe', who: everyone } as const,
    FRIENDS: { icon: 'people', who: friends } as const,
    ONLY_LIST: { icon: 'list', who: name || someFriends } as const,
    EXCEPT_LIST: { icon: 'list', who: name ? exceptList(name) : someFriends } as const,
    ONLY_ME: { icon: 'lock', who: onlyYou } as const,
  }[audience]
  return { icon, who, isShown: audience !== 'FRIENDS' && author?.relationship === 'SELF' }
}
