import type { Media } from './media.ts'

/**
 * The title of a media file for a viewer. Only the owner sees the file name, because it often says more than the owner
 * wants to share (names of people, places and dates).
 *
 * @returns null if there is no title for this viewer
 */
export function titleFor(
  { title, fileName, ownerId }: Pick<Media, 'title' | 'fileName' | 'ownerId'>,
  viewerId: string | null,
): string | null {
  if (title !== '') return title
  return ownerId === viewerId ? fileName : null
}
