import type { Medium } from './medium.ts'

/**
 * What a viewer sees a medium called. The name of a file often says more than its owner wants to share (names of
 * people, places and dates), so that only they see it.
 *
 * @returns null where it has no name for this viewer
 */
export function titleFor(
  { title, fileName, ownerId }: Pick<Medium, 'title' | 'fileName' | 'ownerId'>,
  viewerId: string | null,
): string | null {
  if (title !== '') return title
  return ownerId === viewerId ? fileName : null
}
