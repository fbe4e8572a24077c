import type { Document } from '../../../generated/graphql/web.ts'
import { isOutdated, Outdated } from './problem.ts'

/** The address of the API. It is relative to the page, because a proxy may serve the product below a path. */
export const apiAddress = (): string => new URL('graphql', document.baseURI).href

// Other requests wait for this one.
const ANSWER_MS = 30_000

/** The answer of the server, and when it was sent by the server's clock: the header `Date`. */
export type Posted<Data> = { data: Data; sentAt: string | null }

type Answer<Data> = {
  data?: Data | null
  errors?: { message: string; extensions?: Record<string, unknown> }[]
}

/** Sends an operation without a session and outside of the cache: to sign in, and to refresh a session. */
export async function postDocument<Data, Variables>(
  query: Document<Data, Variables>,
  variables: Variables,
): Promise<Posted<Data>> {
  const response = await fetch(apiAddress(), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
    signal: AbortSignal.timeout(ANSWER_MS),
  })
  const { data, errors } = (await response.json()) as Answer<Data>
  if (!data) {
    const message = errors?.[0]?.message ?? `The server answered with the status ${response.status}.`
    throw isOutdated(errors) ? new Outdated(message) : new Error(message)
  }
  return { data, sentAt: response.headers.get('date') }
}
