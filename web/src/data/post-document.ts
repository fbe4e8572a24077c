import type { Document } from '../../../generated/graphql/web.ts'

/** The address of the API. It is relative to the page, because a proxy may serve the product below a path. */
export const apiAddress = (): string => new URL('graphql', document.baseURI).href

/** Sends an operation without a session and outside of the cache: to sign in, and to refresh a session. */
export async function postDocument<Data, Variables>(
  query: Document<Data, Variables>,
  variables: Variables,
): Promise<Data> {
  const response = await fetch(apiAddress(), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  })
  const { data, errors } = (await response.json()) as { data?: Data | null; errors?: { message: string }[] }
  if (!data)
    throw new Error(errors?.[0]?.message ?? `The server answered with the status ${response.status}.`)
  return data
}
