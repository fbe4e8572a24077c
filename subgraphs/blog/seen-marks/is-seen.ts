import type { SeenMark } from './seen-mark-store.ts'

/** A post that the viewer has seen or not. */
export type MarkablePost = { id: string; publishedAt: Date }

/** Whether a post is at or below the viewer's mark in its moblog. The database compares positions in the same way. */
export function isSeen({ id, publishedAt }: MarkablePost, mark: SeenMark | null): boolean {
  if (!mark) return false
  const later = publishedAt.getTime() - mark.publishedAt.getTime()
  return later === 0 ? id <= mark.postId : later < 0
}
