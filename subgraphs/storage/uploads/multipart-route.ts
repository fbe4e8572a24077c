import type { IncomingMessage, ServerResponse } from 'node:http'
import { Kind, parse } from 'graphql'
import { z } from 'zod'
import { publicError } from '../../../platform/graphql/public-error.ts'
import { clientAddress } from '../../../platform/http/client-address.ts'
import { isMultipart, readMultipart } from '../../../platform/http/multipart.ts'
import { sendGraphqlError, sendJson } from '../../../platform/http/respond.ts'
import type { Route } from '../../../platform/http/routes.ts'
import { ANONYMOUS } from '../../../platform/identity/caller.ts'
import type { Subgraph } from '../../../platform/subgraph/subgraph.ts'
import { allowCrossOrigin } from './cross-origin.ts'

// Space for the operation and the multipart framing.
const ENVELOPE_BYTES = 1024 * 1024

const operation = z.object({
  query: z.string().max(10_000),
  operationName: z.string().nullish(),
  variables: z.record(z.string(), z.unknown()).nullish(),
})

/** The options of `multipartRoute`. */
export type MultipartOptions = {
  /** The largest file, in bytes; a request may be slightly larger. */
  maxBytes: number
  /** How many proxies are trusted to report the client's address. */
  trustedProxies: number
  /** Whether error messages may suggest names from the schema that the client did not ask for. */
  suggests: boolean
}

/**
 * Storage's GraphQL address for small files (docs/method.md, A3), at `/uploads/graphql`. It accepts multipart requests
 * with `uploadMedia` only. There is no session here; the upload key in the input authenticates.
 */
export function multipartRoute(
  subgraph: () => Subgraph,
  { maxBytes, trustedProxies, suggests }: MultipartOptions,
): Route {
  return {
    path: '/uploads/graphql',
    async handle(request, response) {
      allowCrossOrigin(response, 'POST, OPTIONS')
      if (request.method === 'OPTIONS') return void response.writeHead(204).end()
      if (request.method !== 'POST') return refuse(response, 405, 'Only POST and OPTIONS are allowed here.')
      if (!isMultipart(request)) {
        return refuse(
          response,
          415,
          'Send a GraphQL multipart request here, and all other requests to the gateway.',
        )
      }
      const limit = maxBytes + ENVELOPE_BYTES
      if (Number(request.headers['content-length'] ?? 0) > limit) {
        response.setHeader('connection', 'close')
        return refuse(
          response,
          413,
          `The request is larger than the limit of ${limit} bytes. Send the file to tusUrl.`,
        )
      }
      const reading = readMultipart(request, response)
      cutAt(request, limit)
      const body = operation.safeParse(await reading)
      if (!body.success)
        return refuse(
          response,
          400,
          'The request must contain one GraphQL operation with a query of at most 10,000 characters.',
        )
      const { query, operationName, variables } = body.data
      if (!isUploadMedia(query))
        return refuse(
          response,
          403,
          'Only the mutation uploadMedia is accepted here. Send all other operations to the gateway.',
        )
      const address = clientAddress(request, trustedProxies)
      const sender = address === undefined ? ANONYMOUS : { ...ANONYMOUS, address }
      const { errors, ...result } = await subgraph().execute(
        { query, operationName: operationName ?? undefined, variables: variables ?? undefined },
        sender,
      )
      // A subgraph's errors quote variables, and its callers are usually other services. Here, they hold the upload key.
      const shown = errors?.map((error) => publicError(error, suggests))
      sendJson(response, 200, { ...(shown && { errors: shown }), ...result })
    },
  }
}

function refuse(response: ServerResponse, status: number, message: string): void {
  sendGraphqlError(response, status, status === 403 ? 'FORBIDDEN' : 'BAD_USER_INPUT', message)
}

/** Whether a document is one mutation that selects only `uploadMedia`, the field that is open to all key holders. */
function isUploadMedia(query: string): boolean {
  try {
    const { definitions } = parse(query, { maxTokens: 500, noLocation: true })
    const operations = definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION)
    const [only] = operations
    if (operations.length !== 1 || only?.operation !== 'mutation') return false
    const [field] = only.selectionSet.selections
    const isAlone = only.selectionSet.selections.length === 1
    return isAlone && field?.kind === Kind.FIELD && field.name.value === 'uploadMedia'
  } catch {
    return false
  }
}

// Limits a body without a length too: the parser skips parts that the operation does not use, of any length.
function cutAt(request: IncomingMessage, limit: number): void {
  let size = 0
  request.on('data', (chunk: Buffer) => {
    size += chunk.length
    if (size > limit) request.destroy()
  })
}
