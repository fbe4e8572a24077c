/**
 * Returns the Content-Security-Policy of the client. Scripts and styles come only from this server, and nothing is
 * inline. Media and uploads go to the addresses that the API returns.
 *
 * @param mediaOrigins the origins of these addresses, besides the client's own
 */
export function contentSecurityPolicy(mediaOrigins: readonly string[]): string {
  const media = ["'self'", ...new Set(mediaOrigins)].join(' ')
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    // Pictures and recordings that have not been uploaded yet are blobs, and so are the parts of a stream.
    `img-src ${media} blob:`,
    `media-src ${media} blob:`,
    `connect-src ${media} blob:`,
    "worker-src 'self' blob:",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ')
}
