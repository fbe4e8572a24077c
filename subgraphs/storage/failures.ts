import { z } from 'zod'
import type { FailureCode, InvalidInput, RequestFailed } from '../../generated/graphql/storage.ts'

/** Creates the failure for an input value that is not accepted; `field` is a dotted path such as `input.mediaId`. */
export function invalidInput(field: string, message: string) {
  return { __typename: 'InvalidInput', code: 'INVALID_INPUT', message, field } as const satisfies InvalidInput
}

/** Creates the failure for a request that was understood but could not be carried out. */
export function requestFailed(code: FailureCode, message: string) {
  return {
    __typename: 'RequestFailed',
    code,
    message,
    retryAfterSeconds: null,
  } as const satisfies RequestFailed
}

/** The failure of a signed-out viewer. */
export const signInFirst = () => requestFailed('NOT_ALLOWED', 'Sign in first.')

/** The failure for a text that is no media id. */
export const notAMediaId = () =>
  invalidInput('input.mediaId', 'The media id is not a UUID. Send the id of one of your media.')

/** The failure for a media file that the viewer does not own. */
export const noSuchMedia = () => requestFailed('NOT_FOUND', 'You have no media with this id.')

const stored = z.enum([
  'CHECKSUM_MISMATCH',
  'UNSUPPORTED_MEDIA',
  'TOO_LARGE',
  'STORAGE_UNAVAILABLE',
]) satisfies z.ZodType<FailureCode>

/** The stored failure of an upload or a media file; null if there was none. */
export function storedFailure(row: { failureCode: string | null; failureMessage: string | null }) {
  const { failureCode, failureMessage } = row
  return failureCode && failureMessage ? requestFailed(stored.parse(failureCode), failureMessage) : null
}
