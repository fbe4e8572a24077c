/** The reason for a refused request, sent to the client as `extensions.code`. */
export type RefusalCode =
  | 'BAD_REQUEST'
  | 'GRAPHQL_VALIDATION_FAILED'
  | 'OPERATION_TOO_COSTLY'
  | 'SERVICE_UNAVAILABLE'
  | 'RATE_LIMITED'
  | 'OPERATION_RESOLUTION_FAILURE'
  | 'PERSISTED_QUERY_NOT_IN_LIST'
  | 'PERSISTED_QUERY_NOT_SUPPORTED'

/** A request that is refused before it is executed. The answer has the form of a GraphQL response. */
export class RefusedRequest extends Error {
  override name = 'RefusedRequest'
  readonly status: number
  readonly code: RefusalCode
  readonly headers: Record<string, string>
  /** After how many seconds the client may try again, if that is known. */
  readonly retryAfterSeconds: number | undefined

  /** @param message is shown to the client */
  constructor(
    status: number,
    code: RefusalCode,
    message: string,
    headers: Record<string, string> = {},
    retryAfterSeconds?: number,
  ) {
    super(message)
    this.status = status
    this.code = code
    this.headers = headers
    this.retryAfterSeconds = retryAfterSeconds
  }
}

/** The client closed the connection before its request was complete, so there is no one to answer. */
export class ClientGone extends Error {
  override name = 'ClientGone'
}
