import type { Module } from '../../../platform/module.ts'
import type { Resources } from '../resources.ts'
import { internalAccessResolvers } from './internal-resolvers.ts'
import { createPlayableFinder, type FindPlayable } from './media.ts'
import { createRelationships, type Relationships } from './relationships.ts'
import { accessResolvers } from './resolvers.ts'
import { pruneRevocations } from './revocation-store.ts'
import { createTokenIssuer } from './token-issuer.ts'
import { createTokenRevocations, revocationDelivery, type TokenRevocations } from './token-revocations.ts'

/** The dependencies of this module. */
export type AccessDeps = Pick<
  Resources,
  'config' | 'pool' | 'enqueue' | 'resume' | 'keyring' | 'peer' | 'clock'
>

/** What other modules use of this one. */
export type AccessModule = Module & {
  revocations: TokenRevocations
  relationships: Relationships
  findPlayable: FindPlayable
}

const HOUR_MS = 3_600_000

/** Decides who may play which media and open which page, and issues and revokes the tokens for them. */
export function accessModule(deps: AccessDeps): AccessModule {
  const { config, pool, enqueue, resume, keyring, peer, clock } = deps
  const tokens = createTokenIssuer({
    keyring,
    clock,
    storageUrl: config.STORAGE_PUBLIC_URL ?? config.PUBLIC_URL,
    blogUrl: config.BLOG_PUBLIC_URL ?? config.PUBLIC_URL,
    pageSeconds: config.PAGE_TOKEN_SECONDS,
    mediaSeconds: config.MEDIA_TOKEN_SECONDS,
    mediaSlackSeconds: config.MEDIA_TOKEN_SLACK_SECONDS,
  })
  const findPlayable = createPlayableFinder(pool, clock)
  const relationships = createRelationships(pool)
  return {
    findPlayable,
    relationships,
    revocations: createTokenRevocations(enqueue),
    resolvers: accessResolvers({ tokens, pool, clock }),
    internalResolvers: internalAccessResolvers({ pool, relationships, findPlayable, tokens, resume }),
    outboxHandlers: revocationDelivery(peer),
    jobs: [{ name: 'prune revocations', everyMs: HOUR_MS, run: () => pruneRevocations(pool, clock()) }],
  }
}
