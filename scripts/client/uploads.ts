import { setTimeout as sleep } from 'node:timers/promises'
import { expectMember, readAnswer } from './client.ts'
import type { MediaFile } from './media-file.ts'
import { type DataOf, operationText, type VariablesOf } from './operations.ts'
import type { Person } from './people.ts'
import { tusPatch } from './tus.ts'

type RequestUploadResult = DataOf<'request-upload'>['requestUpload']
type UploadInput = VariablesOf<'request-upload'>['input']

/** The successful result of `requestUpload`: the right to send one file. */
export type Grant = Extract<RequestUploadResult, { __typename: 'RequestUploadPayload' }>

/** An upload as its owner sees it. */
export type UploadSession = NonNullable<DataOf<'upload-session'>['uploadSession']>

/** Returns the input with which a client announces a file. */
export function announcement(file: Pick<MediaFile, 'name' | 'mimeType'> & { byteSize: number }): UploadInput {
  return { fileName: file.name, mimeType: file.mimeType, byteSize: file.byteSize }
}

/** Requests an upload and returns the result, including failures. */
export async function tryRequestUpload(owner: Person, input: UploadInput): Promise<RequestUploadResult> {
  return (await owner.client.ask('request-upload', { input })).requestUpload
}

/**
 * Requests an upload and expects success. The SHA-256 is sent only if `changes` contains it, so that the same file can
 * be uploaded again as a different media file.
 */
export async function requestUpload(
  owner: Person,
  file: MediaFile,
  changes: Partial<UploadInput> = {},
): Promise<Grant> {
  const input = { ...announcement({ ...file, byteSize: file.bytes.length }), ...changes }
  return expectMember(await tryRequestUpload(owner, input), 'RequestUploadPayload')
}

/** Returns an upload as its owner sees it now. */
export async function uploadSession(owner: Person, id: string): Promise<UploadSession> {
  const { uploadSession } = await owner.client.ask('upload-session', { id })
  if (!uploadSession) throw new Error(`there is no upload ${id}`)
  return uploadSession
}

const UNDER_WAY = ['REQUESTED', 'UPLOADING', 'VERIFYING']

/** Waits until an upload has ended, in any state. */
export async function uploadEnd(owner: Person, id: string, withinMs = 60_000): Promise<UploadSession> {
  const deadline = performance.now() + withinMs
  for (;;) {
    const session = await uploadSession(owner, id)
    if (!UNDER_WAY.includes(session.state)) return session
    if (performance.now() > deadline) throw new Error(`the upload is still ${session.state}`)
    await sleep(25)
  }
}

/** A media file that its owner has uploaded. */
export type StoredMedia = NonNullable<UploadSession['media']>

/** Uploads a file by tus in one piece and waits until it is stored. */
export async function uploadByTus(owner: Person, file: MediaFile): Promise<StoredMedia> {
  return sendByTus(owner, await requestUpload(owner, file), file)
}

/** Like `uploadByTus`, but sends nothing if the owner has stored these bytes already. Returns the id of the media. */
export async function uploadOnce(owner: Person, file: MediaFile): Promise<string> {
  const grant = await requestUpload(owner, file, { sha256: file.sha256 })
  return grant.uploadSession.media?.id ?? (await sendByTus(owner, grant, file)).id
}

async function sendByTus(owner: Person, grant: Grant, file: MediaFile): Promise<StoredMedia> {
  const { status, body } = await tusPatch(grant, 0, file.bytes)
  if (status !== 204) throw new Error(`the upload was answered with ${status}: ${body}`)
  return storedMedia(await uploadEnd(owner, grant.uploadSession.id))
}

/** Returns the media file of a successful upload. */
export function storedMedia(session: UploadSession): StoredMedia {
  if (session.state === 'COMPLETED' && session.media) return session.media
  throw new Error(`the upload ended as ${JSON.stringify(session)}`)
}

/** Sends a file as a GraphQL multipart request (graphql-multipart-request-spec). */
export async function sendMultipart(
  { multipartUrl, key, uploadId }: { multipartUrl: string; key: string; uploadId: string },
  file: MediaFile,
): Promise<{ status: number; result: DataOf<'upload-media'>['uploadMedia'] | null; errors: unknown[] }> {
  const variant = new FormData()
  const variables = { input: { uploadId, key, file: null } }
  variant.set('operations', JSON.stringify({ query: operationText('upload-media'), variables }))
  variant.set('map', JSON.stringify({ 0: ['variables.input.file'] }))
  variant.set('0', new Blob([new Uint8Array(file.bytes)], { type: file.mimeType }), file.name)
  const headers = { 'apollo-require-preflight': 'true' }
  const response = await fetch(multipartUrl, { method: 'POST', headers, body: variant })
  const { status, data, errors } = await readAnswer<DataOf<'upload-media'>>(response)
  return { status, result: data?.uploadMedia ?? null, errors }
}

/** Uploads a file with one multipart request. */
export async function uploadByMultipart(owner: Person, file: MediaFile): Promise<{ id: string }> {
  const { uploadSession, ...grant } = await requestUpload(owner, file)
  const { result, errors } = await sendMultipart({ ...grant, uploadId: uploadSession.id }, file)
  if (!result) throw new Error(`the upload was answered with ${JSON.stringify(errors)}`)
  return expectMember(result, 'UploadMediaPayload').media
}
