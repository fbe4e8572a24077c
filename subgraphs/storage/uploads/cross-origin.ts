import type { ServerResponse } from 'node:http'

// The headers that tus-js-client, Uppy, TUSKit, tus-android-client and GraphQL clients send. The wildcard allows
// headers that an app or its tracing adds (Fetch §3.3.4: it does not cover Authorization). Browsers that do not support
// the wildcard use the listed names.
const ALLOWED_HEADERS = [
  'Authorization',
  'Content-Type',
  'Tus-Resumable',
  'Upload-Length',
  'Upload-Offset',
  'Upload-Defer-Length',
  'Upload-Metadata',
  'Upload-Checksum',
  'Upload-Concat',
  'Upload-Complete',
  'Upload-Incomplete',
  'Upload-Draft-Interop-Version',
  'X-HTTP-Method-Override',
  'X-Request-ID',
  'X-Requested-With',
  'Apollo-Require-Preflight',
  'Traceparent',
  'Tracestate',
  'Baggage',
  '*',
].join(', ')

const EXPOSED_HEADERS = [
  'Location',
  'Tus-Resumable',
  'Tus-Version',
  'Tus-Extension',
  'Tus-Max-Size',
  'Tus-Checksum-Algorithm',
  'Upload-Offset',
  'Upload-Length',
  'Upload-Defer-Length',
  'Upload-Metadata',
  'Upload-Expires',
  'Retry-After',
].join(', ')

/**
 * Lets pages of any origin send uploads. The key in the request authenticates, never a cookie, so the page of another
 * origin can do nothing that its user could not do.
 */
export function allowCrossOrigin(response: ServerResponse, methods: string): void {
  response.setHeader('access-control-allow-origin', '*')
  response.setHeader('access-control-allow-methods', methods)
  response.setHeader('access-control-allow-headers', ALLOWED_HEADERS)
  response.setHeader('access-control-expose-headers', EXPOSED_HEADERS)
  response.setHeader('access-control-max-age', '86400')
}
