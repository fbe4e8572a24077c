import { throughPrisma } from '../../platform/allowances/allowance.ts'
import { createWriteLimit } from '../../platform/allowances/write-limits.ts'
import { type Clock, systemClock } from '../../platform/clock.ts'
import type { Host, Service } from '../../platform/service.ts'
import { startService } from '../../platform/start-service.ts'
import { internalSdl, subgraphSdl } from '../../schema/subgraph-sdl.ts'
import { capacityModule } from './capacity/module.ts'
import { captionsModule } from './captions/module.ts'
import type { StorageConfig } from './config.ts'
import { createContext } from './context.ts'
import { JOBS_SCHEMA } from './database.ts'
import { deliveryModule } from './delivery/module.ts'
import { erasureModule } from './erasure/module.ts'
import { housekeepingModule } from './housekeeping/module.ts'
import { mediaModule } from './media/module.ts'
import { renditionsModule } from './renditions/module.ts'
import { openResources } from './resources.ts'
import { revocationsModule } from './revocations/module.ts'
import { sharedTypes } from './shared-types.ts'
import { uploadsModule } from './uploads/module.ts'
import { WRITES_PER_MINUTE } from './write-limits.ts'

/**
 * Starts the storage service. It handles the bytes, from the upload handshake to delivery.
 *
 * @param clock the time source for all decisions and stored timestamps
 */
export async function startStorage(
  host: Host,
  config: StorageConfig,
  clock: Clock = systemClock,
): Promise<Service> {
  const resources = await openResources(host, config, clock)
  const { db, log } = resources
  const revocations = await revocationsModule(resources)
  const { revokedTokens } = revocations
  const capacity = capacityModule(resources)
  const media = mediaModule({ ...resources, revokedTokens })
  const renditions = await renditionsModule({ ...resources, media })
  const { limits } = capacity
  const captions = captionsModule({ ...resources, limits, media })
  const { requestRenditions } = renditions
  const subgraph = () => service.subgraph
  const uploads = await uploadsModule({ ...resources, limits, media, requestRenditions, subgraph })
  const delivery = deliveryModule({ ...resources, revocations })
  const { deleteMedia } = media
  const { endUploadsOf } = uploads
  const erasure = erasureModule({ ...resources, revokedTokens, deleteMedia, endUploadsOf })
  const housekeeping = housekeepingModule(resources)

  const service = await startService({
    name: 'storage',
    typeDefs: subgraphSdl('storage'),
    internalTypeDefs: internalSdl('storage'),
    modules: [
      sharedTypes,
      revocations,
      capacity,
      media,
      captions,
      renditions,
      uploads,
      delivery,
      erasure,
      housekeeping,
    ],
    context: createContext,
    limitWrite: createWriteLimit({
      run: throughPrisma(db),
      clock,
      perMinute: WRITES_PER_MINUTE,
      scale: config.WRITE_LIMIT_SCALE,
    }),
    outbox: { url: resources.databaseUrl, schema: JOBS_SCHEMA },
    share: host.share,
    log,
    resources,
  })
  return service
}
