import type { IncomingMessage } from 'node:http'
import { clientAddress } from '../../../platform/http/client-address.ts'
import { networkOf } from '../../../platform/http/network-of.ts'

/** Who asks for a page: the viewer of a page token, or all signed-out readers of one network. */
export type PageReader = { viewerId: string | null; network: string }

/**
 * Returns the reader of a request.
 *
 * @param trustedProxies how many proxies are trusted to report the client's address
 */
export function pageReader(
  request: IncomingMessage,
  viewerId: string | null,
  trustedProxies: number,
): PageReader {
  return { viewerId, network: networkOf(clientAddress(request, trustedProxies) ?? '') }
}
