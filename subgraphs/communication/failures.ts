import type { FailureCode, InvalidInput, RequestFailed } from '../../generated/graphql/communication.ts'

/** A value of the input is not valid; `field` is a dotted path such as `input.handle`. */
export function invalidInput(field: string, message: string) {
  return { __typename: 'InvalidInput', code: 'INVALID_INPUT', message, field } as const satisfies InvalidInput
}

/**
 * The request was understood but could not be carried out.
 *
 * @param retryAfterSeconds set with `RATE_LIMITED`; null if waiting alone does not help
 */
export function requestFailed<Code extends FailureCode>(
  code: Code,
  message: string,
  retryAfterSeconds: number | null = null,
) {
  return { __typename: 'RequestFailed', code, message, retryAfterSeconds } as const satisfies RequestFailed
}

/** The failure for signed-out callers of mutations that need a viewer. */
export const signInFirst = () => requestFailed('NOT_ALLOWED', 'Sign in first.')

/** The failure for users who do not exist and for users who have blocked the viewer. The two must not differ. */
export const noSuchUser = () => requestFailed('NOT_FOUND', 'This user does not exist. Check the id.')

/** Whether a value is one of the typed failures. */
export function isFailure<Value extends object>(
  value: Value,
): value is Extract<Value, { code: FailureCode }> {
  return 'code' in value
}
