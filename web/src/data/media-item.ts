import { DeleteMediaDocument, type MediaItemFragment } from '../../../generated/graphql/web.ts'
import { send } from './client.ts'
import { succeed } from './failure.ts'

/** One media file, as the API describes it to a client that shows and plays it. */
export type MediaItem = MediaItemFragment

/** Deletes a media file of the viewer, also from the posts that show it. */
export async function deleteMedia(mediaId: string): Promise<void> {
  succeed((await send(DeleteMediaDocument, { input: { mediaId } })).deleteMedia)
}
