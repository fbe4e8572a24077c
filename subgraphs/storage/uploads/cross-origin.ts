import type { ServerResponse } from 'node:http'

const ALLOWED_HEADERS =
  'Authorization, Content-Type, Tus-Resumable, Upload-Length, Upload-Offset, Upload-Defer-Length, Upload-Metadata, Upload-Checksum, X-Requested-With, Apollo-Require-Preflight'
const EXPOSED_HEADERS =
  'Location, Tus-Resumable, Tus-Version, Tus-Extension, Tus-Checksum-Algorithm, Upload-Offset, Upload-Length, Upload-Defer-Length, Upload-Expires'

/**
 * Lets pages of any origin send uploads: what authenticates is the key in the request, never a cookie, so that another
 * origin's page can do nothing that its user could not.
 */
export function allowCrossOrigin(response: ServerResponse, methods: string): void {
  response.setHeader('access-control-allow-origin', '*')
  response.setHeader('access-control-allow-methods', methods)
  response.setHeader('access-control-allow-headers', ALLOWED_HEADERS)
  response.setHeader('access-control-expose-headers', EXPOSED_HEADERS)
  response.setHeader('access-control-max-age', '86400')
}
