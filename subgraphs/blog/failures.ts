import type { FailureCode, InvalidInput, RequestFailed } from '../../generated/graphql/blog.ts'

/** A failure as a member of a result union. */
export type FailureResult =
  | (InvalidInput & { __typename: 'InvalidInput' })
  | (RequestFailed & { __typename: 'RequestFailed' })

/**
 * An input field that can't be accepted.
 *
 * @param field a dotted path such as `input.text`
 */
export function invalidInput(field: string, message: string): FailureResult {
  return { __typename: 'InvalidInput', code: 'INVALID_INPUT', message, field }
}

/** A request that was understood and can't be carried out. */
export function requestFailed(code: FailureCode, message: string): FailureResult {
  return { __typename: 'RequestFailed', code, message, retryAfterSeconds: null }
}

/** The answer to every mutation of someone who is signed out. */
export const signInFirst = (): FailureResult => requestFailed('NOT_ALLOWED', 'Sign in first.')

/** The answer wherever a post does not exist for the viewer, whatever the reason. */
export const noSuchPost = (): FailureResult => requestFailed('NOT_FOUND', 'There is no such post.')
