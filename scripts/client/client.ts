import { type DataOf, type OperationName, operationText, type VariablesOf } from './operations.ts'

/** An error in a GraphQL response. */
export type GraphqlError = {
  message: string
  path?: (string | number)[]
  extensions?: { code?: string; serviceName?: string }
}

/** A GraphQL response with its HTTP status. */
export type Answer<Data> = { status: number; data: Data | null; errors: GraphqlError[] }

/** A client of the gateway, for one user or signed out. */
export type Client = {
  /** Sends one of the mobile client's operations and resolves to its data. Throws on any error. */
  ask<Name extends OperationName>(name: Name, variables: VariablesOf<Name>): Promise<DataOf<Name>>
  /** Like `ask`, but returns errors instead of throwing them. */
  send<Name extends OperationName>(name: Name, variables: VariablesOf<Name>): Promise<Answer<DataOf<Name>>>
  /** Sends any query text. */
  query(text: string, variables?: unknown): Promise<Answer<Record<string, unknown>>>
}

/**
 * Creates a client of the GraphQL endpoint.
 *
 * @param accessToken the access token of a session; absent for a signed-out client
 */
export function createClient(url: string, accessToken?: string): Client {
  const query: Client['query'] = (text, variables) => post(url, accessToken, { query: text, variables })
  const send = async <Name extends OperationName>(name: Name, variables: VariablesOf<Name>) =>
    (await query(operationText(name), variables)) as Answer<DataOf<Name>>
  return {
    query,
    send,
    async ask(name, variables) {
      const { data, errors, status } = await send(name, variables)
      if (data === null || errors.length > 0)
        throw new Error(`${name} was answered with status ${status} and ${JSON.stringify(errors)}`)
      return data
    },
  }
}

/** Sends a GraphQL request with POST. */
export async function post<Data>(
  url: string,
  token: string | undefined,
  body: unknown,
): Promise<Answer<Data>> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
    body: JSON.stringify(body),
  })
  return readAnswer(response)
}

/** Reads a GraphQL response. */
export async function readAnswer<Data>(response: Response): Promise<Answer<Data>> {
  const text = await response.text()
  const { data = null, errors = [] } = JSON.parse(text) as { data?: Data | null; errors?: GraphqlError[] }
  return { status: response.status, data, errors }
}

/**
 * Returns the expected member of a result union.
 *
 * @throws Error that names the member that came instead
 */
export function expectMember<
  Result extends { __typename?: string },
  Typename extends NonNullable<Result['__typename']>,
>(result: Result, typename: Typename): Extract<Result, { __typename?: Typename }> {
  if (result.__typename === typename) return result as Extract<Result, { __typename?: Typename }>
  throw new Error(`expected ${typename}, received ${JSON.stringify(result)}`)
}
