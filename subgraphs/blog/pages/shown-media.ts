import type {
  MediaAccessOfQuery,
  UsersByIdsQuery,
} from '../../../generated/graphql/internal/blog-to-communication.ts'
import type { MediaByIdsQuery } from '../../../generated/graphql/internal/blog-to-storage.ts'
import { inTime } from '../../../platform/subgraph/in-time.ts'
import { callPeer, type PeerClient } from '../../../platform/subgraph/peer.ts'
import { communicationOperation } from '../internal-operations/communication.ts'
import { storageOperation } from '../internal-operations/storage.ts'

/** A media file as a page shows it to one viewer. */
export type ShownMedia = NonNullable<MediaByIdsQuery['mediaByIds'][number]> & {
  access: NonNullable<MediaAccessOfQuery['mediaAccessOf'][number]>
}

/** Whether an image may be an animation. The poster of an animation is a still JPEG. */
export function mayMove({ kind, mimeType }: Pick<ShownMedia, 'kind' | 'mimeType'>): boolean {
  return kind === 'IMAGE' && (mimeType === 'image/gif' || mimeType === 'image/webp')
}

/** A still picture of a media file. Its size in pixels is null if it is unknown. */
export type StillPicture = { url: string; width: number | null; height: number | null }

/** The picture behind the lasting address of a media file's still picture; null if there is none. */
export function stillPicture(media: ShownMedia): StillPicture | null {
  const { kind, access, renditions } = media
  const isImage = kind === 'IMAGE' && !mayMove(media)
  const url = isImage ? (access.progressiveUrl ?? access.url) : access.posterUrl
  if (url === null) return null
  const role = isImage ? 'PROGRESSIVE' : 'POSTER'
  const sent = renditions.find((rendition) => rendition.role === role)
  return { url, width: sent?.width ?? null, height: sent?.height ?? null }
}

/** What a page shows besides the posts, from `communication` and `storage`. */
export type PageSources = {
  /** Media by id for a viewer, without media that the viewer may not play or whose details are currently unknown. */
  media(
    viewerId: string | null,
    sessionId: string | null,
    ids: readonly string[],
  ): Promise<Map<string, ShownMedia>>
  /** The files that media are played from, without those that are currently unknown. */
  files(ids: readonly string[]): Promise<Map<string, PlayedFile>>
  /** The names of users by id, without those that are currently unknown. */
  users(userIds: readonly string[]): Promise<Map<string, ShownUser>>
  /**
   * The user with a handle, in any letter case, as everybody may know of them; null if there is none.
   *
   * @throws VisibleError `SERVICE_UNAVAILABLE` if it is currently unknown
   */
  userByHandle(handle: string): Promise<ShownUser | null>
}

/** The file that a media file is played from. */
export type PlayedFile = { mimeType: string; byteSize: number }

/** A user's id, names and picture. */
export type ShownUser = NonNullable<UsersByIdsQuery['usersByIds'][number]>

/** The answer of a service; null if it does not answer. */
function orNull<Answer>(call: Promise<Answer>): Promise<Answer | null> {
  return inTime(call).catch(() => null)
}

/** Creates the calls to the other services. If one does not answer, the page shows the rest. */
export function askPageSources(communication: PeerClient, storage: PeerClient): PageSources {
  return {
    async media(viewerId, sessionId, ids) {
      if (ids.length === 0) return new Map()
      const [granted, described] = await Promise.all([
        orNull(
          callPeer(communication, communicationOperation('media-access-of'), {
            viewerId,
            sessionId,
            mediaIds: ids,
          }),
        ),
        orNull(callPeer(storage, storageOperation('media-by-ids'), { ids })),
      ])
      return new Map(
        ids.flatMap((id, index): [string, ShownMedia][] => {
          const access = granted?.mediaAccessOf[index]
          const found = described?.mediaByIds[index]
          return access && found ? [[id, { ...found, access }]] : []
        }),
      )
    },

    async files(ids) {
      if (ids.length === 0) return new Map()
      const answer = await orNull(callPeer(storage, storageOperation('media-files'), { ids }))
      return new Map(
        (answer?.mediaByIds ?? []).flatMap((found): [string, PlayedFile][] => {
          if (!found) return []
          const { mimeType, byteSize } = found.renditions.find(({ role }) => role === 'PROGRESSIVE') ?? found
          return byteSize === null ? [] : [[found.id, { mimeType, byteSize }]]
        }),
      )
    },

    async users(ids) {
      if (ids.length === 0) return new Map()
      const answer = await orNull(callPeer(communication, communicationOperation('users-by-ids'), { ids }))
      return new Map((answer?.usersByIds ?? []).flatMap((user) => (user ? [[user.id, user] as const] : [])))
    },

    async userByHandle(handle) {
      const operation = communicationOperation('public-users-by-handles')
      const { usersByHandles } = await inTime(callPeer(communication, operation, { handles: [handle] }))
      return usersByHandles[0] ?? null
    },
  }
}
