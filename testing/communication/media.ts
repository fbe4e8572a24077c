import { newId } from '../../platform/ids.ts'
import type { TestCommunication } from './communication.ts'

/** A media report of storage. */
export type Media = {
  mediaId: string
  ownerId: string
  uploadId: string
  mimeType: string
  durationSeconds: number | null
  hasProgressive: boolean
  hasStream: boolean
  hasPoster: boolean
  state?: 'PROCESSING' | 'READY' | 'FAILED'
}

/** The selection of all fields of `MediaAccess`. */
export const MEDIA_ACCESS = 'access { token expiresAt url progressiveUrl streamUrl posterUrl }'

/** Returns the report of a short clip that a user stored. */
export const mediaOf = (ownerId: string): Media => ({
  mediaId: newId(),
  ownerId,
  uploadId: newId(),
  mimeType: 'video/mp4',
  durationSeconds: 20,
  hasProgressive: false,
  hasStream: true,
  hasPoster: true,
})

/** Reports a media file, as storage does. */
export async function registered(app: TestCommunication, input: Media): Promise<Media> {
  const query = 'mutation ($input: RegisterMediaInput!) { registerMedia(input: $input) }'
  const { data, errors } = await app.internal(query, { input }, 'storage')
  if (data?.registerMedia !== true) throw new Error(JSON.stringify(errors))
  return input
}

/** The parts of a post's report that most tests leave out. */
export type PostReport = {
  postId?: string
  revision?: number
  audienceListId?: string
  expiresAt?: Date
  deletesMedia?: boolean
}

/** Reports a post, as blog does; returns its id, and the media that the register does not know. */
export async function postOf(
  app: TestCommunication,
  ownerId: string,
  mediaIds: string[],
  audience: string,
  { postId = newId(), revision = 1, ...shown }: PostReport = {},
): Promise<{ postId: string; unknown: string[] }> {
  const query =
    'mutation ($input: SetPostAudienceInput!) { setPostAudience(input: $input) { unknownMediaIds } }'
  const input = { postId, ownerId, mediaIds, audience, revision, ...shown }
  const { data, errors } = await app.internal(query, { input }, 'blog')
  if (!data?.setPostAudience) throw new Error(JSON.stringify(errors))
  return { postId, unknown: data.setPostAudience.unknownMediaIds }
}

/** Asks, as another service does, which of the given media a viewer may play. */
export async function playableBy(
  app: TestCommunication,
  viewerId: string | null,
  mediaIds: string[],
): Promise<string[]> {
  const query =
    'query ($viewerId: ID, $mediaIds: [ID!]!) { playableMedia(viewerId: $viewerId, mediaIds: $mediaIds) }'
  return (await app.internal(query, { viewerId, mediaIds }, 'storage')).data.playableMedia
}
