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
