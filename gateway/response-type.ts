import type { ApolloServerPlugin } from '@apollo/server'
import { readPreferences } from '../platform/http/preferences.ts'
import type { GatewayContext } from './ask-subgraph.ts'

/** The media types of a GraphQL response that is not a stream. */
export const GRAPHQL_RESPONSE = 'application/graphql-response+json'
const JSON_TYPE = 'application/json'
const WILDCARDS = ['*/*', 'application/*']

/**
 * Chooses the media type of the answer from the header `Accept`.
 *
 * @returns a media type; the wildcard for any type if the client leaves the choice to the server, which sends
 *   `application/json`; null if the client accepts none
 */
export function responseType(accept: string | undefined): string | null {
  if (accept === undefined || accept.trim() === '') return '*/*'
  const given = readPreferences(accept)
  const excluded = given.filter(({ quality }) => quality === 0).map(({ value }) => value)
  const accepted = given.filter(({ quality }) => quality > 0).map(({ value }) => value)
  const named = accepted.find((value) => value === GRAPHQL_RESPONSE || value === JSON_TYPE)
  if (named !== undefined) return named
  if (!accepted.some((value) => WILDCARDS.includes(value))) return null
  if (!excluded.includes(JSON_TYPE)) return '*/*'
  return excluded.includes(GRAPHQL_RESPONSE) ? null : GRAPHQL_RESPONSE
}

// What the GraphQL over HTTP specification calls request errors, if they are about the document or its variables.
const ABOUT_THE_DOCUMENT = new Set(['GRAPHQL_PARSE_FAILED', 'GRAPHQL_VALIDATION_FAILED', 'BAD_USER_INPUT'])

/**
 * Answers with status 200 instead of 400 if the client asks for `application/json` by name and the document or its
 * variables are not valid. The GraphQL over HTTP specification recommends it for this media type, because such a client
 * may read no body of another status. All others get 400.
 */
export function okForNamedJson(): ApolloServerPlugin<GatewayContext> {
  return {
    async requestDidStart({ request }) {
      return {
        async willSendResponse({ response: { body, http } }) {
          if (request.http?.headers.get('accept') !== JSON_TYPE || http.status !== 400) return
          const errors = body.kind === 'single' ? (body.singleResult.errors ?? []) : []
          const codes = errors.map(({ extensions }) => String(extensions?.code))
          if (codes.length > 0 && codes.every((code) => ABOUT_THE_DOCUMENT.has(code))) http.status = 200
        },
      }
    },
  }
}
