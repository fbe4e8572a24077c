import { whileHeld } from '../../../platform/database/session-locks.ts'
import { type Module, mergeResolvers } from '../../../platform/module.ts'
import type { Subgraph } from '../../../platform/subgraph/subgraph.ts'
import { createWorkQueue } from '../../../platform/turns/work-queue.ts'
import type { CapacityLimits } from '../capacity/room.ts'
import { publicAddress, quarantineTime, uploadsFolder } from '../config.ts'
import type { MediaModule } from '../media/module.ts'
import type { RenditionsModule } from '../renditions/module.ts'
import { ofEachOwner } from '../renditions/rendition-jobs.ts'
import type { Resources } from '../resources.ts'
import { endUploadsOf } from './end-uploads.ts'
import { createRoomHolder } from './hold-room.ts'
import { multipartRoute } from './multipart-route.ts'
import { createUploadOpener } from './open-upload.ts'
import type { Receiving } from './receiving.ts'
import { closeUploadResolvers } from './resolvers/close-upload.ts'
import { openUploadResolvers } from './resolvers/open-upload.ts'
import { replaceUploadKeyResolvers } from './resolvers/replace-upload-key.ts'
import { uploadMediaResolvers } from './resolvers/upload-media.ts'
import { uploadSessionResolvers } from './resolvers/upload-session.ts'
import { createRunningDigests } from './running-digests.ts'
import { uploadSweepJob } from './sweep-uploads.ts'
import { tusRoutes } from './tus-route.ts'
import type { Upload } from './upload.ts'
import { createUploadAddresses } from './upload-addresses.ts'
import { openUploadFiles } from './upload-files.ts'
import { createUploadLocks } from './upload-locks.ts'
import { verifyUpload } from './verify-upload.ts'

/** The dependencies of this module. */
export type UploadsDeps = Pick<
  Resources,
  'config' | 'db' | 'objects' | 'prober' | 'sessionLocks' | 'takeTurn' | 'verifier' | 'clock' | 'log'
> & {
  limits: CapacityLimits
  media: Pick<MediaModule, 'events' | 'loaders'>
  requestRenditions: RenditionsModule['requestRenditions']
  /** The subgraph that executes multipart requests; it exists once the service has started. */
  subgraph(): Subgraph
}

/** What other modules use of this one. */
export type UploadsModule = Module & { endUploadsOf(ownerId: string): Promise<void> }

// Probing a file can take up to half a minute if the file is made to be slow. `ofEachOwner` keeps places free for the
// files of other owners.
const VERIFICATIONS = { name: 'verification', atOnce: 8, ofEachOwner: ofEachOwner(2) }
// The primary process limits the work of all workers.
const UNLIMITED = { atOnce: Number.POSITIVE_INFINITY, ofEachOwner: Number.POSITIVE_INFINITY }

const verificationLock = (id: string) => `verification ${id}`

/** Opens, receives and verifies uploads, and stores them as media. */
export async function uploadsModule(deps: UploadsDeps): Promise<UploadsModule> {
  const {
    config,
    db,
    sessionLocks,
    takeTurn,
    verifier,
    clock,
    log,
    limits,
    media,
    requestRenditions,
    subgraph,
  } = deps
  const files = await openUploadFiles(uploadsFolder(config))
  const digests = createRunningDigests()
  const lifetimeMs = config.STORAGE_UPLOAD_LIFETIME_SECONDS * 1000
  const firstByteMs = Math.min(config.STORAGE_FIRST_BYTE_SECONDS * 1000, lifetimeMs)
  const verifying = {
    ...deps,
    files,
    digests,
    maxDurationSeconds: config.STORAGE_MAX_DURATION,
    reportUpload: media.events.reportUpload,
    async publishStored(...stored: Parameters<typeof media.events.storedFirst>) {
      await media.events.storedFirst(...stored)
      await requestRenditions(...stored)
    },
  }
  const verify = async (id: string, owner: string) => {
    const endTurn = await takeTurn?.(VERIFICATIONS, owner)
    try {
      // A process that waits for another one finds the upload verified.
      return await whileHeld(sessionLocks, verificationLock(id), () => verifyUpload(verifying, id))
    } finally {
      endTurn?.()
    }
  }
  const verifications = createWorkQueue<Upload | null>(takeTurn ? UNLIMITED : VERIFICATIONS, verify)
  const receiving: Receiving = {
    db,
    files,
    locks: createUploadLocks(sessionLocks),
    digests,
    holdRoom: createRoomHolder({ db, files, limits, clock, lifetimeMs }),
    clock,
    log,
    lifetimeMs,
    verifications,
    isVerifiedElsewhere: (id) => sessionLocks.isHeldElsewhere(verificationLock(id)),
  }
  const keys = { db, verifier, clock }
  const addresses = createUploadAddresses(publicAddress(config))
  const maxMultipart = config.STORAGE_MAX_MULTIPART
  const openUpload = createUploadOpener({ ...deps, files, firstByteMs })
  return {
    endUploadsOf: (ownerId) => endUploadsOf(receiving, ownerId),
    resolvers: mergeResolvers([
      uploadSessionResolvers({ db, files, mediaLoaders: media.loaders }),
      uploadMediaResolvers({ ...receiving, keys, maxMultipart }),
    ]),
    internalResolvers: mergeResolvers([
      openUploadResolvers({ openUpload, addresses }),
      replaceUploadKeyResolvers({ db, clock, addresses }),
      closeUploadResolvers(receiving),
    ]),
    routes: [
      multipartRoute(subgraph, {
        maxBytes: maxMultipart,
        trustedProxies: config.TRUSTED_PROXIES,
        suggests: config.NODE_ENV !== 'production',
      }),
      ...tusRoutes(receiving, keys, addresses, Math.max(...Object.values(limits.perFile))),
    ],
    jobs: [
      uploadSweepJob(receiving, {
        everyMs: config.STORAGE_SWEEP_INTERVAL_SECONDS * 1000,
        quarantineMs: quarantineTime(config),
      }),
    ],
    stop: verifications.idle,
  }
}
