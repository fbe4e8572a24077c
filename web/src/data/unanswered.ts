import type { CombinedError } from '@urql/core'

/** Whether it is not known that the server has taken or refused a request, so that it must be repeated. */
export function isUnanswered(error: Pick<CombinedError, 'response'> | undefined): boolean {
  if (!error) return false
  const status: unknown = error.response?.status
  return typeof status !== 'number' || status === 408 || status === 429 || status >= 500
}
