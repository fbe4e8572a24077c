import type { Clock } from '../../../platform/clock.ts'
import type { Log } from '../../../platform/log.ts'
import type { ChangingCaptions } from '../captions/change-captions.ts'
import { type Db, inTransaction, type RootDb } from '../database.ts'
import { saveDisplayImages } from '../media/display-image-store.ts'
import type { Media } from '../media/media.ts'
import { findMedia } from '../media/media-store.ts'
import type { DisplayImage, Playlist, Rendition } from '../media/rendition.ts'
import { removeOtherPlaylists, savePlaylists, saveRenditions } from '../media/rendition-store.ts'
import type { ObjectStore } from '../objects/object-store.ts'
import type { Prober } from '../probing/ffprobe.ts'
import type { Sandbox } from '../sandbox/sandbox.ts'
import type { Ffmpeg } from './ffmpeg.ts'
import type { PictureLook } from './picture-look.ts'
import { type End, endProcessing, holdProcessing, saveAppearance } from './processing-store.ts'

/** The dependencies for making renditions. */
export type Rendering = {
  db: RootDb
  objects: ObjectStore
  prober: Prober
  sandbox: Sandbox
  ffmpeg(): Promise<Ffmpeg>
  /** The folder with the image worker's compiled code; null if there is none. */
  imageCode(): Promise<string | null>
  /** The parent folder of the attempts' work folders, which are removed after each attempt. */
  workFolder: string
  /** The number of bytes on the disk that must stay free. */
  freeFloor: number
  /** What adding captions needs, for text tracks in recordings. */
  captions: ChangingCaptions
  clock: Clock
  log: Log
  /**
   * Publishes to `communication` which variants exist and whether processing is complete, in the transaction that
   * changes this.
   */
  publishStored(tx: Db, media: Media): Promise<void>
}

/** One attempt to make the renditions of a media file. */
export type Attempt = {
  media: Media
  /** The path of the original or of another stored file to work on, which is read-only. */
  file: string
  /** The work folder of this attempt, which the media tools write to. Nothing in it can be trusted to be a file. */
  cwd: string
  /** The folder for outputs that were taken out of the work folder. No media tool can write to it. */
  taken: string
  sandbox: Sandbox
  /** The time limit in seconds of one run of a media tool, independent of the duration; null for the usual limit. */
  maxSeconds: number | null
  signal: AbortSignal
}

/** The media file was deleted while its renditions were being made. */
export class MediaGone extends Error {
  override name = 'MediaGone'
}

/** The renditions and playlists made so far. `end` is set when processing ends. */
export type Made = {
  renditions: readonly Rendition[]
  displayImages?: readonly DisplayImage[]
  playlists?: readonly Playlist[]
  /** How the image or the poster looks. */
  look?: PictureLook | null
  /** The peaks of the sound, one byte each. */
  waveform?: Uint8Array<ArrayBuffer> | null
  end?: End
}

/**
 * Publishes renditions in one transaction. Their bytes must already be stored.
 *
 * @param hasNewVariants whether to inform `communication`, which is unnecessary for each new segment of a stream
 * @throws MediaGone if the media file no longer exists or is no longer being processed
 */
export async function publish(
  { db, publishStored }: Rendering,
  id: string,
  made: Made,
  hasNewVariants = true,
): Promise<void> {
  await inTransaction(db, async (tx) => {
    if (!(await holdProcessing(tx, id))) throw new MediaGone()
    await saveRenditions(tx, id, made.renditions)
    await saveDisplayImages(tx, id, made.displayImages ?? [])
    await savePlaylists(tx, id, made.playlists ?? [])
    await saveAppearance(tx, id, { ...made.look, ...(made.waveform && { waveform: made.waveform }) })
    // Removes the playlists of an abandoned attempt, whose files will be removed.
    if (made.end === 'READY' && made.playlists) await removeOtherPlaylists(tx, id, made.playlists)
    if (made.end) await endProcessing(tx, id, made.end)
    if (!hasNewVariants) return
    const [media] = await findMedia(tx, [id])
    if (media) await publishStored(tx, media)
  })
}
