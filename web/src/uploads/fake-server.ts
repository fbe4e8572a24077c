import type { ByteSource } from './byte-source.ts'
import type { SendBytes, SendEnd } from './send-bytes.ts'
import type { Announcement, Grant, ServerUpload, UploadApi } from './upload-api.ts'
import type { FailedResult } from './upload-failure.ts'

/** An upload at the fake server. */
type Stored = {
  announced: Announcement
  bytes: Blob
  keys: number
  state: ServerUpload['state']
  mediaId: string | null
}

/** What happens to the next request: nothing special, no answer, or an answer that the client does not receive. */
export type Fate = 'OK' | 'NO_ANSWER' | 'LOST_ANSWER' | 'CUT' | 'KEY_EXPIRES' | 'UPLOAD_EXPIRES'

/** A server for tests, in memory, whose requests meet the fates that a test plans. */
export type FakeServer = {
  api: UploadApi
  sendBytes: SendBytes
  uploads: Map<string, Stored>
  /** The contents of the media that are stored. */
  media: Map<string, Blob>
  fates: Fate[]
  /** The failure of the next requests of an upload. */
  refusals: FailedResult[]
}

export function createFakeServer(): FakeServer {
  const uploads = new Map<string, Stored>()
  const media = new Map<string, Blob>()
  const fates: Fate[] = []
  const refusals: FailedResult[] = []

  const answer = <Result>(result: Result): Result => {
    if (fates.shift() === 'LOST_ANSWER') throw new TypeError('no answer')
    return result
  }
  const reach = () => {
    if (fates[0] !== 'NO_ANSWER') return
    fates.shift()
    throw new TypeError('not reached')
  }
  const grantOf = (id: string, upload: Stored): Grant => {
    upload.keys += 1
    return { uploadId: id, key: `${upload.keys}`, keyExpiresAt: '', tusUrl: id, mediaId: upload.mediaId }
  }
  const finish = (id: string, upload: Stored) => {
    upload.state = 'COMPLETED'
    upload.mediaId = `media-${id}`
    media.set(upload.mediaId, upload.bytes)
  }

  const api: UploadApi = {
    async requestUpload(announced) {
      reach()
      const refusal = refusals.shift()
      if (refusal) return answer(refusal)
      const id = `${uploads.size + 1}`
      const upload: Stored = { announced, bytes: new Blob([]), keys: 0, state: 'REQUESTED', mediaId: null }
      uploads.set(id, upload)
      return answer(grantOf(id, upload))
    },
    async renewUploadKey(id) {
      reach()
      const upload = uploads.get(id)
      const isOpen = upload && (upload.state === 'REQUESTED' || upload.state === 'UPLOADING')
      if (isOpen) return answer(grantOf(id, upload))
      return answer({ __typename: 'RequestFailed', code: 'CONFLICT', message: 'It has ended.' })
    },
    async cancelUpload(id) {
      reach()
      const upload = uploads.get(id)
      if (!upload)
        return answer({ __typename: 'RequestFailed', code: 'NOT_FOUND', message: 'There is none.' })
      if (upload.state === 'REQUESTED' || upload.state === 'UPLOADING') upload.state = 'CANCELLED'
      if (upload.state === 'CANCELLED') return answer(null)
      return answer({ __typename: 'RequestFailed', code: 'CONFLICT', message: 'It has ended.' })
    },
    async uploadSession(id) {
      reach()
      const upload = uploads.get(id)
      if (!upload) return answer(null)
      const { state, bytes, mediaId } = upload
      return answer({ state, receivedBytes: bytes.size, mediaId, failure: null })
    },
    async deleteMedia(id) {
      reach()
      if (media.delete(id)) return answer(null)
      return answer({ __typename: 'RequestFailed', code: 'NOT_FOUND', message: 'It is deleted.' })
    },
  }

  const sendBytes: SendBytes = async ({ tusUrl, key }, source: ByteSource, onProgress, signal) => {
    const upload = uploads.get(tusUrl)
    if (upload) onProgress(upload.bytes.size)
    for (;;) {
      await new Promise((resolve) => setTimeout(resolve))
      signal.throwIfAborted()
      const fate = fates.shift() ?? 'OK'
      if (fate === 'NO_ANSWER') return interrupted
      if (!upload || upload.state === 'EXPIRED' || upload.state === 'CANCELLED') return { kind: 'GONE' }
      if (fate === 'UPLOAD_EXPIRES') {
        upload.state = 'EXPIRED'
        return { kind: 'GONE' }
      }
      if (fate === 'KEY_EXPIRES') upload.keys += 1
      if (key !== `${upload.keys}`) return { kind: 'KEY_REFUSED' }
      if (upload.mediaId !== null) return { kind: 'TAKES_NO_MORE' }
      upload.state = 'UPLOADING'
      const { value, done } = await source.slice(upload.bytes.size, upload.bytes.size + 16)
      const kept = fate === 'CUT' ? value?.slice(0, Math.ceil(value.size / 2)) : value
      upload.bytes = new Blob([upload.bytes, kept ?? ''])
      onProgress(upload.bytes.size)
      if (fate === 'CUT') return interrupted
      if (done) finish(tusUrl, upload)
      if (fate === 'LOST_ANSWER') return interrupted
      if (done) return { kind: 'COMPLETE' }
    }
  }
  return { api, sendBytes, uploads, media, fates, refusals }
}

const interrupted: SendEnd = { kind: 'INTERRUPTED', retryAfterSeconds: null }
