/** A service answered with another status than 200. */
export class StatusError extends Error {
  override name = 'StatusError'
  readonly status: number

  constructor(status: number) {
    super(`status ${status}`)
    this.status = status
  }
}

/** Whether a service works and has refused the request: sending it again does not help, and the service is not down. */
export function hasRefused(error: unknown): error is StatusError {
  return error instanceof StatusError && error.status >= 400 && error.status < 500
}

// The statuses with which a service says that what the client sent is malformed, too large or of the wrong type. Others,
// such as 401, concern the request between the services.
const CLIENT_MISTAKES: ReadonlySet<number> = new Set([400, 413, 415, 422])

/** Whether a service has refused what the client sent. */
export function isClientMistake(error: unknown): boolean {
  return hasRefused(error) && CLIENT_MISTAKES.has(error.status)
}
