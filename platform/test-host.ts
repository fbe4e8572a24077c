import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createLog } from './log.ts'
import type { Host } from './service.ts'
import type { SubgraphClient } from './subgraph/client.ts'
import { type Keyring, openKeyring } from './tokens/keyring.ts'
import { createVerifier } from './tokens/verifier.ts'

/** A host for one service under test, with the keyrings of all who may talk to it, so that a test can sign for them. */
export type TestHost = Host & { keyrings: Record<string, Keyring>; directory: string; close(): Promise<void> }

/**
 * Makes a host for a service under test. Peers are what the test gives; asking one that was not given fails as a
 * service that does not answer would.
 *
 * @param issuers everyone whose tokens the service trusts, itself included
 */
export async function createTestHost(options: {
  name: string
  issuers: readonly string[]
  databaseUrl: string
  peers?: Record<string, SubgraphClient>
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
      return peer
    },
    close: () => rm(directory, { recursive: true, force: true }),
  }
}
