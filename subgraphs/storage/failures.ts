import { z } from 'zod'
import type { FailureCode, InvalidInput, RequestFailed } from '../../generated/graphql/storage.ts'

/** A value in the input can't be accepted; `field` is a dotted path such as `input.mediaId`. */
export function invalidInput(field: string, message: string) {
  return { __typename: 'InvalidInput', code: 'INVALID_INPUT', message, field } as const satisfies InvalidInput
}

/** The request was understood and could not be carried out. */
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

/** A failure as it was written down, of an upload or a medium; null where there was none. */
export function storedFailure(row: { failureCode: string | null; failureMessage: string | null }) {
  const { failureCode, failureMessage } = row
  return failureCode && failureMessage ? requestFailed(stored.parse(failureCode), failureMessage) : null
}
