import type { FailureCode, InvalidInput, RequestFailed } from '../../generated/graphql/storage.ts'

/** A value in the input can't be accepted; `field` is a dotted path such as `input.mediaId`. */
export function invalidInput(field: string, message: string) {
  return { __typename: 'InvalidInput', code: 'INVALID_INPUT', message, field } as const satisfies InvalidInput
}

/** The request was understood and could not be carried out. */
export function requestFailed(code: FailureCode, message: string) {
  return { __typename: 'RequestFailed', code, message } as const satisfies RequestFailed
}
