import { ByteCount } from '../../platform/scalars.ts'
import type { InternalApi } from '../../platform/subgraph/internal-api.ts'
import { createFakeService } from '../fake-service.ts'

type StoredMedia = {
  kind: string
  state: string
  title: string
  altText: string | null
  mimeType: string
  durationSeconds: number | null
  width: number | null
  height: number | null
  byteSize: number
  renditions: { role: string; mimeType: string; byteSize: number; width?: number; height?: number }[]
}

/**
 * A fake `storage` for tests, with the internal fields that the blog uses. It has the real schema, and the test
 * describes the media.
 */
export type FakeStorage = {
  internal: InternalApi
  /** Sets the properties of a media file that differ from a video that is ready. */
  describe(mediaId: string, media: Partial<StoredMedia>): void
  /** Runs before an answer, and may delay it. Throw to fail. */
  beforeAnswer: () => Promise<void> | void
}

const VIDEO: StoredMedia = {
  kind: 'VIDEO',
  state: 'READY',
  title: 'Clip',
  altText: null,
  mimeType: 'video/quicktime',
  durationSeconds: 8,
  width: 1280,
  height: 720,
  byteSize: 9_000_000,
  renditions: [{ role: 'PROGRESSIVE', mimeType: 'video/mp4', byteSize: 1_234_567 }],
}

/** Creates a `storage` in which every media file is a video. */
export function createFakeStorage(): FakeStorage {
  const described = new Map<string, Partial<StoredMedia>>()
  const internal = createFakeService('storage', {
    ByteCount,
    Query: {
      async mediaByIds(_query: unknown, { ids }: { ids: string[] }) {
        await fake.beforeAnswer()
        return ids.map((id) => ({ id, ...VIDEO, ...described.get(id) }))
      },
    },
  })
  const fake: FakeStorage = {
    internal,
    describe: (mediaId, media) => described.set(mediaId, media),
    beforeAnswer: () => {},
  }
  return fake
}
