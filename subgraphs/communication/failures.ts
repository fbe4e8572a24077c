import type { FailureCode, InvalidInput, RequestFailed } from '../../generated/graphql/communication.ts'

/** A value in the input can't be accepted; `field` is a dotted path such as `input.handle`. */
export function invalidInput(field: string, message: string) {
  return { __typename: 'InvalidInput', code: 'INVALID_INPUT', message, field } as const satisfies InvalidInput
}

/**
 * The request was understood and could not be carried out.
 *
 * @param retryAfterSeconds with `RATE_LIMITED`; null where waiting alone does not help
 */
export function requestFailed<Code extends FailureCode>(
  code: Code,
  message: string,
  retryAfterSeconds: number | null = null,
) {
  return { __typename: 'RequestFailed', code, message, retryAfterSeconds } as const satisfies RequestFailed
}

/** What everyone who is signed out hears from a mutation that acts for someone. */
export const signInFirst = () => requestFailed('NOT_ALLOWED', 'Sign in first.')

/** The one answer about users who don't exist and users who have blocked the viewer: they must not differ. */
export const noSuchUser = () => requestFailed('NOT_FOUND', 'There is no such user.')

/** Whether a value is one of the typed failures. */
export function isFailure<Value extends object>(
  value: Value,
): value is Extract<Value, { code: FailureCode }> {
  return 'code' in value
}
