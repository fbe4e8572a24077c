import type { FileUpload } from 'graphql-upload-minimal'
import { invalidInput, requestFailed, storedFailure } from '../failures.ts'
import type { Media } from '../media/media.ts'
import { findMedia } from '../media/media-store.ts'
import { describeUpload } from './describe-upload.ts'
import { receiveWhole } from './receive-whole.ts'
import type { Receiving } from './receiving.ts'
import type { Upload } from './upload.ts'
import { type KeyCheck, uploadOfKey } from './upload-key.ts'

/** The dependencies of receiving a whole file in one request. */
export type UploadingFiles = Receiving & {
  keys: KeyCheck
  /** The largest file that one request may contain, in bytes. */
  maxMultipart: number
}

/** A file and the key that permits storing it. */
export type FileToUpload = {
  uploadId: string
  key: string
  /**
   * Resolves when the file begins to arrive; undefined if no file comes. Called once it is certain that the file may be
   * stored.
   */
  arrives(): Promise<Pick<FileUpload, 'createReadStream'> | undefined>
}

type Stored = { __typename: 'UploadMediaPayload'; uploadSession: Upload; media: Media }

// The sender waits for this answer, and may publish the media as soon as it is there.
const REGISTERED_WITHIN_MS = 5_000

/**
 * Receives, verifies and stores a file that arrives in one request (docs/method.md, A3). Resolves after verification.
 */
export async function uploadFile(
  uploading: UploadingFiles,
  { uploadId, key, arrives }: FileToUpload,
): Promise<Stored | ReturnType<typeof requestFailed> | ReturnType<typeof invalidInput>> {
  const { keys, maxMultipart, verifications, db, log } = uploading
  const upload = await uploadOfKey(keys, key, uploadId)
  if (upload === 'EXPIRED')
    return requestFailed('EXPIRED', 'The upload key has expired. Get a new one with renewUploadKey.')
  if (upload === 'NOT_ALLOWED')
    return requestFailed(
      'NOT_ALLOWED',
      'The upload key is not valid for this upload. Get a new one with renewUploadKey.',
    )
  const tooLarge = requestFailed(
    'TOO_LARGE',
    (upload.byteSize ?? Number.POSITIVE_INFINITY) > maxMultipart
      ? `A file in one request may have at most ${maxMultipart} bytes. Send this one to tusUrl.`
      : `The file is larger than the ${upload.byteSize} bytes that were announced. Request a new upload with the right size.`,
  )
  if ((upload.byteSize ?? 0) > maxMultipart) return tooLarge
  const limit = Math.min(upload.byteSize ?? upload.maxBytes, maxMultipart)
  const file = await arrives()
  if (!file)
    return invalidInput(
      'input.file',
      'The multipart request contains no file. Add it and send the request again.',
    )
  const received = await receiveWhole(uploading, upload.id, limit, () => file.createReadStream())
  if (received === 'CUT_OFF') {
    return invalidInput(
      'input.file',
      'The multipart request is damaged, ended before the end of the file, or another request took its place. No bytes were kept. Send it again.',
    )
  }
  if (received === 'TOO_LARGE') return tooLarge
  if (received === 'ENDED') return ended(upload)
  if (received === 'DISK_FULL') {
    log.warn({ uploadId }, 'no disk space for upload bytes')
    return requestFailed(
      'STORAGE_UNAVAILABLE',
      'The storage server does not have enough free space at the moment. No bytes were kept. Send the file again later.',
    )
  }
  try {
    const verified = await verifications.run(upload.id, upload.ownerId)
    const [media] = verified?.mediaId ? await findMedia(db, [verified.mediaId]) : []
    if (verified?.state === 'COMPLETED' && media) {
      const uploadSession = await describeUpload(db, verified, REGISTERED_WITHIN_MS)
      return { __typename: 'UploadMediaPayload', uploadSession, media: { ...media, shownTo: upload.ownerId } }
    }
    return (
      storedFailure(verified ?? upload) ??
      requestFailed('NOT_FOUND', 'The upload no longer exists. Request a new one with requestUpload.')
    )
  } catch (error) {
    log.error({ err: error, uploadId }, 'upload verification failed')
    return requestFailed(
      'STORAGE_UNAVAILABLE',
      'All bytes have arrived, but their verification failed. The server tries again by itself. Query uploadSession later.',
    )
  }
}

function ended({ state, expiresAt }: Upload): ReturnType<typeof requestFailed> {
  if (state === 'EXPIRED')
    return requestFailed(
      'EXPIRED',
      `The upload expired at ${expiresAt.toISOString()}. Request a new one with requestUpload.`,
    )
  return requestFailed(
    'NOT_ALLOWED',
    'The upload accepts no more bytes, because an upload key is valid for one file. Request a new upload for another file.',
  )
}
