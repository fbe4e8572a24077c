import type { OperationResult } from '@urql/core'

/** What an answer tells about a mutation: its data, and its errors with the status of the response. */
export type Answer = {
  data?: unknown
  error?:
    | Partial<Pick<NonNullable<OperationResult['error']>, 'graphQLErrors' | 'networkError' | 'response'>>
    | undefined
}

// The gateway sends the errors of an execution with status 200, so their codes say which of them pass by themselves.
// A letter that was sent without a valid session waits for the next one of its user.
const PASSING: ReadonlySet<unknown> = new Set([
  'INTERNAL_SERVER_ERROR',
  'RATE_LIMITED',
  'SERVICE_UNAVAILABLE',
  'UNAUTHENTICATED',
])

/** Whether it is not known that the server has taken or refused a mutation, so that it must be repeated. */
export function isUnanswered(answer: Answer): boolean {
  const { error } = answer
  const codes = codesOf(answer)
  if (codes.some((code) => PASSING.has(code))) return !hasResult(answer)
  if (!error || hasResult(answer)) return false
  const status = statusOf(answer)
  if (status === null || status === 401 || status === 408 || status === 429 || status >= 500) return true
  // Something between this device and the server has answered, such as the sign-in page of a Wi-Fi network.
  return status < 400 && error.networkError !== undefined
}

/** Whether the server itself failed, which it may do each time with the same mutation. */
export function isServersFault(answer: Answer): boolean {
  return codesOf(answer).includes('INTERNAL_SERVER_ERROR') || statusOf(answer) === 500
}

/** How long the server asks to wait before the mutation is repeated, in seconds; null if it does not say. */
export function retryAfterSeconds(answer: Answer): number | null {
  const { error } = answer
  const values: unknown[] = [
    ...(error?.graphQLErrors ?? []).map(({ extensions }) => extensions.retryAfterSeconds),
    ...failuresOf(answer).map((failure) => failure.retryAfterSeconds),
  ]
  const header = (error?.response as Partial<Response> | undefined)?.headers?.get('retry-after')
  if (header) values.push(Number(header))
  const seconds = values.filter((value) => typeof value === 'number' && value >= 0) as number[]
  return seconds.length === 0 ? null : Math.max(...seconds)
}

function statusOf({ error }: Answer): number | null {
  const status: unknown = error?.response?.status
  return typeof status === 'number' ? status : null
}

function codesOf(answer: Answer): unknown[] {
  const ofErrors = (answer.error?.graphQLErrors ?? []).map(({ extensions }) => extensions.code)
  return [...ofErrors, ...failuresOf(answer).map(({ code }) => code)]
}

/** The members of result unions that are failures. */
function failuresOf({ data }: Answer): Record<string, unknown>[] {
  return fieldsOf(data).filter((field) => typeof field.code === 'string')
}

/** Whether a mutation was executed: only something below its result is missing. */
function hasResult({ data }: Answer): boolean {
  return fieldsOf(data).some(({ code }) => !PASSING.has(code))
}

function fieldsOf(data: unknown): Record<string, unknown>[] {
  if (typeof data !== 'object' || data === null) return []
  return Object.values(data).filter((field) => typeof field === 'object' && field !== null)
}
