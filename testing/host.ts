import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { ServiceCaller } from '../platform/identity/caller.ts'
import { createLog } from '../platform/log.ts'
import type { Host } from '../platform/service.ts'
import type { InternalApi } from '../platform/subgraph/internal-api.ts'
import { type Keyring, openKeyring } from '../platform/tokens/keyring.ts'
import { createVerifier } from '../platform/tokens/verifier.ts'

/** A host for one service under test. It has the keyrings of all trusted issuers, so that a test can sign for them. */
export type TestHost = Host & { keyrings: Record<string, Keyring>; directory: string; close(): Promise<void> }

/** The internal API of another service, real or fake. */
export type TestPeer = Pick<InternalApi, 'execute'>

/**
 * Creates a host for a service under test. The test provides the peers. Asking for a peer that it did not provide
 * throws.
 *
 * @param issuers the services whose tokens the service trusts, including its own
 */
export async function createTestHost(options: {
  name: string
  issuers: readonly string[]
  databaseUrl: string
  peers?: Record<string, TestPeer>
}): Promise<TestHost> {
  const directory = await mkdtemp(path.join(tmpdir(), 'moblog-host-'))
  const opened = await Promise.all(options.issuers.map((issuer) => openKeyring(directory, issuer)))
  const keyrings = Object.fromEntries(opened.map((keyring) => [keyring.issuer, keyring]))
  const verifier = createVerifier(
    Object.fromEntries(opened.map((keyring) => [keyring.issuer, keyring.currentJwks])),
  )
  const keyring = keyrings[options.name]
  if (!keyring) throw new Error(`${options.name} must be among the issuers`)
  return {
    keyring,
    keyrings,
    verifier,
    directory,
    databaseUrl: options.databaseUrl,
    log: createLog(options.name, process.env.LOG_LEVEL ?? 'silent'),
    peer(name) {
      const peer = options.peers?.[name]
      if (!peer) throw new Error(`this test has no ${name}`)
      const caller: ServiceCaller = { kind: 'service', service: options.name }
      return { execute: (request) => peer.execute(request, caller), close: async () => {} }
    },
    close: () => rm(directory, { recursive: true, force: true }),
  }
}
