import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Clock } from '../../../platform/clock.ts'
import { sendJson } from '../../../platform/http/respond.ts'
import type { Media } from '../media/media.ts'
import { titleFor } from '../media/title-for.ts'
import type { ObjectStore, StoredFile } from '../objects/object-store.ts'
import { REVOCATION_LIFETIME_MS } from '../revocations/follow-revocations.ts'
import type { RevokedTokens } from '../revocations/revoked-tokens.ts'
import { contentDisposition } from './content-disposition.ts'
import type { MediaToken } from './media-token-verifier.ts'
import type { OpenFiles } from './open-files.ts'
import { boundMaxAge, writeHeaders } from './response-headers.ts'
import { sendBytes } from './send-bytes.ts'
import type { FindVariant, Variant } from './variants.ts'

/** The dependencies of sending media. */
export type Sending = {
  revocations: RevokedTokens
  files: OpenFiles
  objects: Pick<ObjectStore, 'address'>
  findVariant: FindVariant
  clock: Clock
}

/** The requested variant and the grant of the viewer. */
export type Wanted = { grant: MediaToken; media: Media; variant: string; isDownload: boolean }

/** Sends a variant of a media file to a viewer who is allowed to have it. */
export async function sendVariant(
  delivery: Sending,
  request: IncomingMessage,
  response: ServerResponse,
  { grant, media, variant, isDownload }: Wanted,
): Promise<void> {
  const found = await delivery.findVariant(media, variant, grant.viewerId)
  if (found === 'NOT_YET') return answerNotYet(response)
  const title = titleFor(media, grant.viewerId) ?? ''
  if (found && (await redirect(delivery, request, response, { found, media, title, isDownload }))) return
  const borrowed = found && (await borrow(delivery, media, found))
  if (!found || !borrowed)
    return sendJson(response, 404, { message: 'The media has no variant with this name.' })
  try {
    const { size } = borrowed.file
    const secondsLeft = (grant.expiresAt - delivery.clock().getTime()) / 1_000
    const cacheControl = boundMaxAge(found.cacheControl, secondsLeft)
    const range = writeHeaders(request, response, { ...found, cacheControl, size, title, isDownload })
    if (!range || request.method === 'HEAD') return void response.end()
    // Also cuts readers that have stopped reading, which would otherwise finish under the old grant.
    const unwatch = delivery.revocations.watch(() => {
      if (delivery.revocations.isRevoked(grant)) response.destroy()
    })
    const isAllowed = () => mayContinue(delivery, grant)
    await sendBytes(response, borrowed.file, range, isAllowed).finally(unwatch)
  } finally {
    borrowed.giveBack()
  }
}

/** Redirects the player if the object store serves the file directly. The address works for a minute. */
async function redirect(
  { objects }: Sending,
  { method }: IncomingMessage,
  response: ServerResponse,
  { found, media, title, isDownload }: { found: Variant; media: Media; title: string; isDownload: boolean },
): Promise<boolean> {
  if (!objects.address || method !== 'GET' || !('objectName' in found)) return false
  const { mimeType, objectName } = found
  const disposition = contentDisposition({ title, mimeType }, isDownload)
  const location = await objects.address(media.id, objectName, { mimeType, disposition })
  response.writeHead(307, { location, 'cache-control': 'no-store', 'content-length': 0 }).end()
  return true
}

/**
 * Whether a response that has begun may continue. Expiry does not end it, so that playback does not stop in the middle.
 * A revocation ends it, and so does the end of the time for which revocations are remembered.
 */
function mayContinue({ revocations, clock }: Sending, grant: MediaToken): boolean {
  return !revocations.isRevoked(grant) && clock().getTime() < grant.issuedAt + REVOCATION_LIFETIME_MS
}

/** Answers 503 for a variant that is still being made, so that players and people try again. */
function answerNotYet(response: ServerResponse): void {
  sendJson(
    response,
    503,
    { message: 'The variant is still being made. Try again in a moment.' },
    { 'retry-after': '1', 'cache-control': 'no-store' },
  )
}

function borrow({ files }: Sending, media: Media, variant: Variant) {
  if ('objectName' in variant) return files.borrow(media.id, variant.objectName)
  return { file: fileOfText(variant.text), giveBack() {} }
}

function fileOfText(text: string): StoredFile {
  const bytes = Buffer.from(text)
  return {
    size: bytes.length,
    read: async (buffer, position) => bytes.copy(buffer, 0, position),
    close: async () => {},
  }
}
