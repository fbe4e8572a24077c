import path from 'node:path'
import { decodeJwt } from 'jose'
import { SUBGRAPHS } from '../hosting/services.ts'
import { signCaller } from '../platform/identity/assertion.ts'
import type { Viewer } from '../platform/identity/caller.ts'
import { openKeyring } from '../platform/tokens/keyring.ts'

/** The headers of one viewer's requests, by name. */
export type Headers = Readonly<Record<string, string>>

/**
 * Creates a function that returns the headers of each viewer: the access token, and for each subgraph a viewer assertion
 * that the gateway's key has signed. Other gateways pass the assertions on, because they can neither verify our tokens nor
 * sign assertions. They save the time for both.
 *
 * @param dataDir the data folder of the product, which holds the key
 */
export async function viewerHeaders(
  dataDir: string,
): Promise<(tokens: readonly string[]) => Promise<Headers[]>> {
  const keyring = await openKeyring(path.join(dataDir, 'keys'), 'gateway')
  return (tokens) =>
    Promise.all(
      tokens.map(async (token) => {
        const { sub = null, sid } = decodeJwt(token)
        const viewer: Viewer = {
          ...{ kind: 'viewer', userId: sub },
          sessionId: typeof sid === 'string' ? sid : null,
        }
        const assertions = await Promise.all(
          SUBGRAPHS.map(async (name) => [
            assertionHeader(name),
            `Bearer ${await signCaller(keyring, viewer, name)}`,
          ]),
        )
        return { authorization: `Bearer ${token}`, ...Object.fromEntries(assertions) }
      }),
    )
}

/** The header with the assertion for a subgraph. */
export function assertionHeader(subgraph: string): string {
  return `x-assertion-${subgraph}`
}
