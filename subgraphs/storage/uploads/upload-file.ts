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
  if (upload === 'EXPIRED') return requestFailed('EXPIRED', 'The time of this key is over; renew it.')
  if (upload === 'NOT_ALLOWED') return requestFailed('NOT_ALLOWED', 'This key is not good for this upload.')
  const tooLarge = requestFailed(
    'TOO_LARGE',
    (upload.byteSize ?? Number.POSITIVE_INFINITY) > maxMultipart
      ? `One request may have a file of at most ${maxMultipart} bytes. Send this one to tusUrl.`
      : `More bytes came than the ${upload.byteSize} that were announced.`,
  )
  if ((upload.byteSize ?? 0) > maxMultipart) return tooLarge
  const limit = Math.min(upload.byteSize ?? upload.maxBytes, maxMultipart)
  const file = await arrives()
  if (!file) return invalidInput('input.file', 'The file is missing from the multipart request.')
  const received = await receiveWhole(uploading, upload.id, limit, () => file.createReadStream())
  if (received === 'CUT_OFF') {
    return invalidInput(
      'input.file',
      'The multipart request is damaged or was cut off before the end of the file. Nothing was kept: send it again.',
    )
  }
  if (received === 'TOO_LARGE') return tooLarge
  if (received === 'ENDED') return ended(upload)
  if (received === 'DISK_FULL') {
    log.warn({ uploadId }, 'bytes could not be written')
    return requestFailed(
      'STORAGE_UNAVAILABLE',
      'The storage server has not enough free space at the moment. Nothing was kept of the file: send it again later.',
    )
  }
  try {
    const verified = await verifications.run(upload.id, upload.ownerId)
    const [media] = verified?.mediaId ? await findMedia(db, [verified.mediaId]) : []
    if (verified?.state === 'COMPLETED' && media) {
      const uploadSession = await describeUpload(db, verified, REGISTERED_WITHIN_MS)
      return { __typename: 'UploadMediaPayload', uploadSession, media: { ...media, shownTo: upload.ownerId } }
    }
    return storedFailure(verified ?? upload) ?? requestFailed('NOT_FOUND', 'The upload is gone.')
  } catch (error) {
    log.error({ err: error, uploadId }, 'an upload could not be verified')
    return requestFailed(
      'STORAGE_UNAVAILABLE',
      'All bytes have arrived and could not be checked yet; that happens by itself, look at the upload later.',
    )
  }
}

function ended({ state, expiresAt }: Upload): ReturnType<typeof requestFailed> {
  if (state === 'EXPIRED')
    return requestFailed('EXPIRED', `This upload was given up on ${expiresAt.toISOString()}.`)
  return requestFailed('NOT_ALLOWED', 'This upload takes no more bytes: a key is good for one file.')
}
