import { readOperation } from '../schema/read-operation.ts'

/** Returns the text of an operation of the product's own client. */
export async function operation(name: string): Promise<string> {
  return readOperation(name)
}

/** A request to a GraphQL address. */
export type Question = {
  url: string
  query: string
  variables: object
  token?: string | undefined
  headers?: Readonly<Record<string, string>>
}

/**
 * Sends a GraphQL request.
 *
 * @returns `data`
 * @throws Error if the answer contains errors
 */
export async function ask({
  url,
  query,
  variables,
  token,
  headers,
}: Question): Promise<Record<string, unknown>> {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token && { authorization: `Bearer ${token}` }),
      ...headers,
    },
    body: JSON.stringify({ query, variables }),
  })
  return dataOf(response)
}

/**
 * Sends one of the client's mutations.
 *
 * @returns the payload of its field
 * @throws Error if the mutation is refused
 */
export async function mutate<Payload>(
  url: string,
  name: string,
  input: object,
  token?: string,
): Promise<Payload> {
  return payloadOf(await ask({ url, query: await operation(name), variables: { input }, token }))
}

/** Returns the payload of a mutation. Throws if it was refused. */
export function payloadOf<Payload>(data: Record<string, unknown>): Payload {
  const [result] = Object.values(data) as { __typename: string }[]
  if (!result?.__typename.endsWith('Payload')) throw new Error(`refused: ${JSON.stringify(result)}`)
  return result as Payload
}

/** Reads the answer to a GraphQL request. Throws if it contains errors. */
export async function dataOf(response: Response): Promise<Record<string, unknown>> {
  const text = await response.text()
  const answer = JSON.parse(text)
  if (!answer.data || answer.errors) throw new Error(`${response.url} answered ${response.status}: ${text}`)
  return answer.data
}
