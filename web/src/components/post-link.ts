import { addressOf } from '../app/routes.ts'
import type { Post } from '../data/home-feed.ts'

/**
 * The address to share of a post. A post for everybody has a public page with a preview for other apps; the others open
 * in this client, which shows them to those who may see them.
 *
 * @param base the address of the client
 */
export function linkToPost(
  { id, audience, author }: Pick<Post, 'id' | 'audience'> & { author: { handle: string } | null },
  base: string,
): string {
  const path = audience === 'PUBLIC' && author ? `@${author.handle}/${id}` : addressOf({ name: 'post', id })
  return new URL(path, base).href
}
