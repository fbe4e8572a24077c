import type { Clock } from '../../../platform/clock.ts'
import { mediaFamily } from '../capacity/media-families.ts'
import { type CapacityLimits, tooLarge } from '../capacity/room.ts'
import { type Db, inTransaction, type RootDb } from '../database.ts'
import type { Media } from '../media/media.ts'
import type { ReportUpload } from '../media/media-events.ts'
import { insertMedia } from '../media/media-store.ts'
import type { ObjectStore } from '../objects/object-store.ts'
import { syncFile } from '../objects/sync.ts'
import type { Description } from '../probing/description.ts'
import type { Prober } from '../probing/ffprobe.ts'
import { probe } from '../probing/probe.ts'
import { hashFile } from './hash-file.ts'
import type { RunningDigests } from './running-digests.ts'
import type { Upload } from './upload.ts'
import type { UploadFiles } from './upload-files.ts'
import { countUpload } from './upload-metrics.ts'
import { findUpload, markCompleted, markRejected } from './upload-store.ts'

/** The dependencies of verification. */
export type Verifying = {
  db: RootDb
  files: UploadFiles
  digests: RunningDigests
  objects: ObjectStore
  limits: CapacityLimits
  /** How long a recording may play, in seconds. */
  maxDurationSeconds: number
  prober: Prober
  clock: Clock
  /** Queues the registration of a stored media file for `communication`, in the transaction that stores it. */
  publishStored(tx: Db, media: Media): Promise<void>
  reportUpload: ReportUpload
}

type Failure = { code: 'CHECKSUM_MISMATCH' | 'UNSUPPORTED_MEDIA' | 'TOO_LARGE'; message: string }

type Findings = { failure: Failure } | { description: Description; sha256: string; byteSize: number }

/**
 * Verifies an upload whose bytes have all arrived, and stores it as media or rejects it (docs/method.md, A3). It can be
 * interrupted at any point and repeated from the beginning, because the upload's file stays until the transaction that
 * ends the upload.
 *
 * @returns the upload in its new state
 * @throws Error if the cause is not in the file; the upload then waits for another verification
 */
export async function verifyUpload(verifying: Verifying, uploadId: string): Promise<Upload | null> {
  const { db, files } = verifying
  const upload = await findUpload(db, uploadId)
  if (upload?.state !== 'VERIFYING' || !upload.mediaId) return upload
  const findings = await examine(verifying, upload)
  if ('failure' in findings) await reject(verifying, upload, findings.failure)
  else await store(verifying, upload, { ...findings, id: upload.mediaId })
  await files.remove(uploadId)
  const ended = await findUpload(db, uploadId)
  if (ended?.state === 'REJECTED' || ended?.state === 'COMPLETED') {
    countUpload(ended.state === 'REJECTED' ? 'rejected' : 'completed')
  }
  return ended
}

async function examine(verifying: Verifying, upload: Upload): Promise<Findings> {
  const { files, digests, limits, prober, maxDurationSeconds } = verifying
  const byteSize = await files.size(upload.id)
  if (byteSize === null)
    return mismatch('The bytes were lost before verification. Request a new upload and send the file again.')
  if (upload.byteSize !== null && byteSize !== upload.byteSize) {
    return mismatch(
      `${byteSize} bytes arrived, but ${upload.byteSize} were announced. Request a new upload and send the whole file.`,
    )
  }
  const file = files.path(upload.id)
  await syncFile(file)
  const [sha256, probed] = await Promise.all([
    digests.finish(upload.id, byteSize, await files.writtenAt(upload.id)) ?? hashFile(file),
    probe({ ...prober, owner: upload.ownerId }, file),
  ])
  if (upload.sha256 !== null && sha256 !== upload.sha256) {
    return mismatch(
      'The SHA-256 of the bytes that arrived differs from the announced one. Request a new upload and send the file again.',
    )
  }
  if ('rejection' in probed) return { failure: { code: 'UNSUPPORTED_MEDIA', message: probed.rejection } }
  // The announced type decided how much was reserved. The real type of the file has a separate limit.
  const family = mediaFamily(`${probed.description.kind.toLowerCase()}/x`) ?? 'image'
  if (byteSize > limits.perFile[family]) {
    return { failure: { code: 'TOO_LARGE', message: tooLarge(family, limits.perFile[family]).message } }
  }
  const { durationSeconds } = probed.description
  if (durationSeconds !== null && durationSeconds > maxDurationSeconds) {
    return { failure: { code: 'TOO_LARGE', message: tooLong(durationSeconds, maxDurationSeconds) } }
  }
  return { description: probed.description, sha256, byteSize }
}

function tooLong(seconds: number, max: number): string {
  return `The recording has a duration of ${inWords(seconds)}; at most ${inWords(max)} are accepted (STORAGE_MAX_DURATION). Cut it into parts and upload those.`
}

function inWords(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} seconds`
  return seconds < 7200
    ? `${Math.round(seconds / 60)} minutes`
    : `${Number((seconds / 3600).toFixed(1))} hours`
}

function mismatch(message: string): Findings {
  return { failure: { code: 'CHECKSUM_MISMATCH', message } }
}

function reject({ db, clock, reportUpload }: Verifying, upload: Upload, failure: Failure): Promise<void> {
  return inTransaction(db, async (tx) => {
    if (await markRejected(tx, upload.id, failure, clock())) await reportUpload(tx, 'REJECTED', upload)
  })
}

async function store(
  { db, files, objects, clock, publishStored }: Verifying,
  upload: Upload,
  found: { id: string; description: Description; sha256: string; byteSize: number },
): Promise<void> {
  await objects.put(found.id, 'original', files.path(upload.id))
  const media: Media = {
    ...found.description,
    id: found.id,
    ownerId: upload.ownerId,
    uploadId: upload.id,
    // The original is the only variant so far.
    state: 'PROCESSING',
    processingPercent: null,
    failureCode: null,
    failureMessage: null,
    title: upload.title,
    altText: null,
    placeholder: null,
    dominantColor: null,
    waveform: null,
    fileName: upload.fileName,
    byteSize: found.byteSize,
    sha256: found.sha256,
    createdAt: clock(),
  }
  await inTransaction(db, async (tx) => {
    if (!(await markCompleted(tx, upload.id, clock()))) return
    await insertMedia(tx, media)
    await publishStored(tx, media)
  })
}
