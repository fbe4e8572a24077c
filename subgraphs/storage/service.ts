import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { throughPrisma } from '../../platform/allowances/allowance.ts'
import { createWriteLimit } from '../../platform/allowances/write-limits.ts'
import { type Clock, systemClock } from '../../platform/clock.ts'
import { openOutbox } from '../../platform/outbox/outbox.ts'
import type { Host, Service } from '../../platform/service.ts'
import { createInternalApi } from '../../platform/subgraph/internal-api.ts'
import { createSubgraph } from '../../platform/subgraph/subgraph.ts'
import { internalSdl, subgraphSdl } from '../../schema/subgraph-sdl.ts'
import { capacityLimits } from './capacity/configured-limits.ts'
import { publicAddress, quarantineTime, type StorageConfig, storageFolder } from './config.ts'
import { createContext, createInternalContext } from './context.ts'
import { connect, type Db } from './database.ts'
import { bearerRoute, type Delivery, tokenRoute } from './delivery/delivery-route.ts'
import { createMediaCache } from './delivery/media-cache.ts'
import { createMediaTokenVerifier } from './delivery/media-token-verifier.ts'
import { createOpenFiles } from './delivery/open-files.ts'
import { createVariantFinder } from './delivery/variants.ts'
import { createViewerLimits } from './delivery/viewer-limits.ts'
import { startHousekeeping } from './housekeeping/sweep-media-objects.ts'
import type { Media } from './media/media.ts'
import { createMediaEvents, mediaEventHandlers, publishMediaDeleted } from './media/media-events.ts'
import { askWhatMayBePlayed } from './media/playable-media.ts'
import { openObjectStore } from './objects/open-object-store.ts'
import { openProber, openRendering, openTools } from './renditions/open-rendering.ts'
import {
  defaultWorkers,
  JOBS_SCHEMA,
  ofEachOwner,
  requestRenditions,
  startRenditionWorker,
} from './renditions/rendition-jobs.ts'
import { createInternalResolvers, createResolvers } from './resolvers.ts'
import { followRevocations } from './revocations/follow-revocations.ts'
import { createRevokedTokens } from './revocations/revoked-tokens.ts'
import { catchUpWithRevocations } from './revocations/take-revocations.ts'
import { createRoomHolder } from './uploads/hold-room.ts'
import { multipartRoute } from './uploads/multipart-route.ts'
import { createUploadOpener } from './uploads/open-upload.ts'
import type { Receiving } from './uploads/receiving.ts'
import { createRunningDigests } from './uploads/running-digests.ts'
import { tusRoutes } from './uploads/tus-route.ts'
import type { Upload } from './uploads/upload.ts'
import { openUploadFiles } from './uploads/upload-files.ts'
import { createUploadLocks } from './uploads/upload-locks.ts'
import { verifyUpload } from './uploads/verify-upload.ts'
import { createWorkQueue } from './uploads/work-queue.ts'
import { WRITES_PER_MINUTE } from './write-limits.ts'

const NAME = 'storage'
// Probing a file can take up to half a minute if the file is made to be slow. `ofEachOwner` keeps places free for the
// files of other owners.
const VERIFIED = { atOnce: 8, ofEachOwner: ofEachOwner(2) }

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
  const { databaseUrl, verifier, log } = host
  const folder = storageFolder(config)
  const communication = () => host.peer('communication')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const [{ db, close }, outbox, objects, files, tools] = await Promise.all([
    connect(databaseUrl, log),
    openOutbox({
      url: databaseUrl,
      schema: JOBS_SCHEMA,
      log,
      handlers: mediaEventHandlers(communication),
    }),
    openObjectStore(config),
    openUploadFiles(path.join(folder, 'uploads')),
    openTools(config, log),
  ])
  const revocations = createRevokedTokens()
  const feed = await followRevocations({ databaseUrl, db, revocations, clock, log })
  const caughtUp = catchUpWithRevocations({ db, revocations, clock }, communication, log)
  const mediaEvents = createMediaEvents(outbox.enqueue)
  const limits = capacityLimits(config)
  const lifetimeMs = config.STORAGE_UPLOAD_LIFETIME_SECONDS * 1000
  const firstByteMs = Math.min(config.STORAGE_FIRST_BYTE_SECONDS * 1000, lifetimeMs)
  const prober = openProber(config, tools)
  const publishStored = async (tx: Db, media: Media) => {
    await mediaEvents.storedFirst(tx, media)
    await requestRenditions(outbox.enqueue, tx, media)
  }
  const workers = config.STORAGE_WORKERS ?? defaultWorkers()
  const rendering = openRendering(config, {
    db,
    objects,
    prober,
    ffmpeg: tools.ffmpeg,
    sandbox: tools.sandbox,
    clock,
    log,
    publishStored: mediaEvents.stored,
  })
  const renditions = workers > 0 ? await startRenditionWorker({ rendering, databaseUrl, workers }) : null
  const digests = createRunningDigests()
  const verifying = {
    db,
    files,
    digests,
    objects,
    limits,
    maxDurationSeconds: config.STORAGE_MAX_DURATION,
    prober,
    clock,
    publishStored,
    publishRejected: mediaEvents.rejected,
  }
  const verifications = createWorkQueue<Upload | null>(VERIFIED, (id) => verifyUpload(verifying, id))
  const receiving: Receiving = {
    db,
    files,
    locks: createUploadLocks(),
    digests,
    holdRoom: createRoomHolder({ db, files, limits, clock, lifetimeMs }),
    clock,
    log,
    lifetimeMs,
    verifications,
  }
  const findPlayable = askWhatMayBePlayed(communication)
  const keys = { db, verifier, clock }
  const maxMultipart = config.STORAGE_MAX_MULTIPART
  const address = publicAddress(config)
  const addresses = (uploadId: string) => ({
    tusUrl: `${address}/uploads/${uploadId}`,
    multipartUrl: `${address}/uploads/graphql`,
  })

  const subgraph = createSubgraph({
    name: NAME,
    typeDefs: subgraphSdl('storage'),
    resolvers: createResolvers({
      capacity: { db, userQuota: limits.userQuota },
      uploads: { ...receiving, keys, maxMultipart },
      media: {
        db,
        objects,
        revocations,
        clock,
        publishDeleted: mediaEvents.gone,
        publishDeletedNow: publishMediaDeleted(communication, log),
      },
    }),
    context: (caller) => createContext({ db, findPlayable }, caller),
    limitWrite: createWriteLimit({
      run: throughPrisma(db),
      clock,
      perMinute: WRITES_PER_MINUTE,
      scale: config.WRITE_LIMIT_SCALE,
    }),
    log,
  })
  const internal = createInternalApi({
    name: NAME,
    typeDefs: internalSdl('storage'),
    resolvers: createInternalResolvers({
      capacity: {
        addresses,
        openUpload: createUploadOpener({ db, files, objects, limits, clock, log, firstByteMs }),
      },
      uploads: { ...receiving, addresses },
      delivery: { db, revocations, clock },
      erasing: { ...receiving, objects, revocations, publishDeleted: mediaEvents.gone },
    }),
    context: (caller) => createInternalContext(db, caller),
    log,
  })
  const openFiles = createOpenFiles(objects)
  const delivery: Delivery = {
    mediaTokens: createMediaTokenVerifier(verifier, clock),
    revocations,
    knowsRevocations: caughtUp.isDone,
    files: openFiles,
    objects,
    findMediaItem: createMediaCache(db),
    findVariant: createVariantFinder(db),
    limits: createViewerLimits({
      connections: config.STORAGE_VIEWER_CONNECTIONS,
      requestsPerSecond: config.STORAGE_VIEWER_REQUESTS_PER_SECOND,
      clock,
    }),
    trustedProxies: config.TRUSTED_PROXIES,
    clock,
  }
  const housekeeping = startHousekeeping({
    receiving,
    objects,
    revocations,
    db,
    clock,
    log,
    intervalMs: config.STORAGE_SWEEP_INTERVAL_SECONDS * 1000,
    quarantineMs: quarantineTime(config),
  })

  return {
    subgraph,
    internal,
    routes: [
      multipartRoute(() => subgraph, maxMultipart, config.TRUSTED_PROXIES),
      ...tusRoutes(receiving, keys, addresses, Math.max(...Object.values(limits.perFile))),
      tokenRoute(delivery),
      bearerRoute(delivery),
    ],
    async ready() {
      await Promise.all([db.$queryRaw`SELECT 1`, objects.check()])
      if (!caughtUp.isDone()) throw new Error('communication does not tell what was revoked')
    },
    async stop() {
      await housekeeping.stop()
      await verifications.idle()
      await renditions?.stop()
      await Promise.all([caughtUp.stop(), feed.stop(), outbox.stop()])
      openFiles.clear()
      objects.close?.()
      await close()
    },
  }
}
