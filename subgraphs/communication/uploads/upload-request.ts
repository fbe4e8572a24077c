import type { InvalidInput, RequestUploadInput } from '../../../generated/graphql/communication.ts'
import { characterCount, cleanLine } from '../../../platform/text/clean-text.ts'
import { invalidInput } from '../failures.ts'
import { readFileName } from './file-name.ts'

/** A valid request to upload a file (docs/method.md, A1), in the form that is sent to storage. */
export type UploadRequest = {
  fileName: string
  /** Only type and subtype, in lower case. */
  mimeType: string
  /** Null while a live recording is in progress. */
  byteSize: number | null
  /** 64 lower-case hexadecimal digits; null if none was announced. */
  sha256: string | null
  /** Null if none is given, because others must not see the file name in its place. */
  title: string | null
}

const MAX_NAME = 255
const TITLE_PROBLEM = `The title is empty or too long. Use 1 to ${MAX_NAME} visible characters.`
const FILE_NAME_PROBLEM =
  'The file name is empty or too long. Use at least one visible character and at most 4096 bytes.'

// RFC 6838 §4.2: names of 1 to 127 restricted characters. Parameters such as `;codecs=vp8` may follow (RFC 2045 §5.1).
const MIME_TYPE = /^([a-z0-9][a-z0-9!#$&^_.+-]{0,126}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,126})\s*(;|$)/i
const SHA256 = /^[0-9a-f]{64}$/i

/** Validates the input of `requestUpload`. */
export function readUploadRequest(input: RequestUploadInput): UploadRequest | InvalidInput {
  const fileName = readFileName(input.fileName, MAX_NAME)
  if (fileName === null) return invalidInput('input.fileName', FILE_NAME_PROBLEM)
  const title = input.title == null ? null : readTitle(input.title)
  if (title === '') return invalidInput('input.title', TITLE_PROBLEM)
  const mimeType = input.mimeType.length <= 1_000 && MIME_TYPE.exec(input.mimeType.trim())?.[1]
  if (!mimeType)
    return invalidInput('input.mimeType', 'The MIME type is not valid. Send one such as "video/mp4".')
  if (input.sha256 != null && !SHA256.test(input.sha256)) {
    return invalidInput('input.sha256', 'The SHA-256 is not valid. Send 64 hexadecimal digits.')
  }
  const byteSize = input.byteSize ?? null
  if (byteSize === null && !input.recordedLive) {
    return invalidInput('input.byteSize', 'The size is missing. Send it; only a live recording may omit it.')
  }
  if (byteSize !== null && byteSize <= 0)
    return invalidInput(
      'input.byteSize',
      'The size must be greater than 0 bytes, because an empty file is not media.',
    )
  return {
    fileName,
    mimeType: mimeType.toLowerCase(),
    byteSize,
    sha256: input.sha256?.toLowerCase() ?? null,
    title,
  }
}

/** Returns the title as it is stored; empty if it is not valid. */
function readTitle(text: string): string {
  if (text.length > MAX_NAME * 12) return ''
  const title = cleanLine(text)
  return characterCount(title) > MAX_NAME ? '' : title
}
