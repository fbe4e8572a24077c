import type { Module } from '../../../platform/module.ts'
import type { Db } from '../database.ts'
import type { Media } from '../media/media.ts'
import type { MediaEvents } from '../media/media-events.ts'
import type { LoadersOf } from '../media/media-loaders.ts'
import type { Resources } from '../resources.ts'
import { openRendering } from './open-rendering.ts'
import { defaultWorkers, requestRenditions, startRenditionWorker } from './rendition-jobs.ts'
import { extractCaptionsResolvers } from './resolvers/extract-captions.ts'

/** The dependencies of this module. */
export type RenditionsDeps = Pick<
  Resources,
  'config' | 'databaseUrl' | 'db' | 'objects' | 'prober' | 'tools' | 'enqueue' | 'share' | 'clock' | 'log'
> & { media: { events: MediaEvents; loaders: LoadersOf } }

/** What other modules use of this one. */
export type RenditionsModule = Module & {
  /** Queues the renditions of a media file, in the transaction that stores the file. */
  requestRenditions(tx: Db, media: Media): Promise<void>
}

/** The variants of media. Worker processes (`run-worker.ts`) may make them instead of this process. */
export async function renditionsModule(deps: RenditionsDeps): Promise<RenditionsModule> {
  const { config, databaseUrl, db, objects, prober, tools, enqueue, share, clock, log, media } = deps
  // The tools run in processes of their own, so one worker can start them for all.
  const workers = share.index === 0 ? (config.STORAGE_WORKERS ?? defaultWorkers()) : 0
  const { ffmpeg, sandbox } = tools
  const rendering = openRendering(config, {
    db,
    objects,
    prober,
    ffmpeg,
    sandbox,
    clock,
    log,
    publishStored: media.events.stored,
    publishCaptions: media.events.captions,
  })
  const worker = workers > 0 ? await startRenditionWorker({ rendering, databaseUrl, workers }) : null
  return {
    resolvers: extractCaptionsResolvers({ db, enqueue, loaders: media.loaders }),
    requestRenditions: (tx, media) => requestRenditions(enqueue, tx, media),
    async stop() {
      await worker?.stop()
    },
  }
}
