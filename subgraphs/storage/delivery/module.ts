import type { Module } from '../../../platform/module.ts'
import { divided } from '../../../platform/worker-share.ts'
import { findMedia } from '../media/media-store.ts'
import type { Resources } from '../resources.ts'
import type { RevocationsModule } from '../revocations/module.ts'
import { bearerRoute, type Delivery, tokenRoute } from './delivery-route.ts'
import { createMediaCache } from './media-cache.ts'
import { createMediaTokenVerifier } from './media-token-verifier.ts'
import { createOpenFiles } from './open-files.ts'
import { createVariantFinder } from './variants.ts'
import { createViewerLimits } from './viewer-limits.ts'

// A browser opens six connections to a host, and one worker may get all of them.
const LEAST_CONNECTIONS = 8
const LEAST_PER_SECOND = 100

/** The dependencies of this module. */
export type DeliveryDeps = Pick<Resources, 'config' | 'db' | 'objects' | 'share' | 'verifier' | 'clock'> & {
  revocations: Pick<RevocationsModule, 'revokedTokens' | 'isComplete'>
}

/** Sends the bytes of media to viewers. */
export function deliveryModule({
  config,
  db,
  objects,
  share,
  verifier,
  clock,
  revocations,
}: DeliveryDeps): Module {
  const files = createOpenFiles(objects)
  const delivery: Delivery = {
    mediaTokens: createMediaTokenVerifier(verifier, clock),
    revocations: revocations.revokedTokens,
    knowsRevocations: revocations.isComplete,
    files,
    objects,
    findMediaItem: createMediaCache(async (id) => (await findMedia(db, [id]))[0] ?? null),
    findVariant: createVariantFinder(db),
    limits: createViewerLimits({
      connections: divided(config.STORAGE_VIEWER_CONNECTIONS, share, LEAST_CONNECTIONS),
      requestsPerSecond: divided(config.STORAGE_VIEWER_REQUESTS_PER_SECOND, share, LEAST_PER_SECOND),
      clock,
    }),
    trustedProxies: config.TRUSTED_PROXIES,
    clock,
  }
  return {
    routes: [tokenRoute(delivery), bearerRoute(delivery)],
    async stop() {
      files.clear()
    },
  }
}
