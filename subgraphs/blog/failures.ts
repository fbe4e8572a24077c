import type { FailureCode, InvalidInput, RequestFailed } from '../../generated/graphql/blog.ts'
import { shortenLine } from '../../platform/text/shorten.ts'

const MAX_QUOTED = 40

/** A failure as a member of a result union. */
export type FailureResult =
  | (InvalidInput & { __typename: 'InvalidInput' })
  | (RequestFailed & { __typename: 'RequestFailed' })

/**
 * Creates the failure for an input field that cannot be accepted.
 *
 * @param field a dotted path such as `input.text`
 */
export function invalidInput(field: string, message: string): FailureResult {
  return { __typename: 'InvalidInput', code: 'INVALID_INPUT', message, field }
}

/** Creates the failure for an input field that should hold an id and does not. */
export function notAnId(
  field: string,
  kind: 'moblog' | 'post' | 'comment' | 'media' | 'audience list',
  value: string,
): FailureResult {
  const quoted = shortenLine(value, MAX_QUOTED)
  return invalidInput(field, `"${quoted}" is not a ${kind} id. A ${kind} id is a UUID.`)
}

/** Creates the failure for a valid request that cannot be carried out. */
export function requestFailed(code: FailureCode, message: string): FailureResult {
  return { __typename: 'RequestFailed', code, message, retryAfterSeconds: null }
}

/** The result of every mutation if the viewer is signed out. */
export const signInFirst = (): FailureResult => requestFailed('NOT_ALLOWED', 'Sign in first.')

/** The result if a comment does not exist for the viewer, for any reason. */
export const noSuchComment = (): FailureResult =>
  requestFailed('NOT_FOUND', 'This comment does not exist, or you may not see it.')

/** The result if a post does not exist for the viewer, for any reason. */
export const noSuchPost = (): FailureResult =>
  requestFailed('NOT_FOUND', 'This post does not exist, or you may not see it.')
