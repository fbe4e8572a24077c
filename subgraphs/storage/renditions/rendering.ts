import type { Clock } from '../../../platform/clock.ts'
import type { Log } from '../../../platform/log.ts'
import { type Db, inTransaction, type RootDb } from '../database.ts'
import { findMedia } from '../media/media-store.ts'
import type { Medium } from '../media/medium.ts'
import type { ObjectStore } from '../objects/object-store.ts'
import type { Prober } from '../probing/ffprobe.ts'
import type { Sandbox } from '../sandbox/sandbox.ts'
import type { Ffmpeg } from './ffmpeg.ts'
import { type End, endProcessing, holdProcessing } from './processing-store.ts'
import type { Playlist, Rendition } from './rendition.ts'
import { removeOtherPlaylists, savePlaylists, saveRenditions } from './rendition-store.ts'

/** What making renditions needs. */
export type Rendering = {
  db: RootDb
  objects: ObjectStore
  prober: Prober
  sandbox: Sandbox
  ffmpeg(): Promise<Ffmpeg>
  /** Folders below it are made for each attempt and removed afterwards. */
  workFolder: string
  /** How many bytes of the disk are never given away. */
  freeFloor: number
  clock: Clock
  log: Log
  /** Tells `communication` what there is of a medium, and whether that is all, in the transaction that makes it so. */
  announce(tx: Db, medium: Medium): Promise<void>
}

/** One attempt at the renditions of a medium. */
export type Attempt = {
  medium: Medium
  /** The original, to be read only. */
  file: string
  /** The attempt's own folder. */
  cwd: string
  sandbox: Sandbox
  /** How many seconds a run of a media tool may take at most, however long the medium plays; null for as many as that needs. */
  mostSeconds: number | null
  signal: AbortSignal
}

/** The medium was deleted while its renditions were being made. */
export class MediumGone extends Error {
  override name = 'MediumGone'
}

/** What has been made, and whether that is all. */
export type Made = {
  renditions: readonly Rendition[]
  playlists?: readonly Playlist[]
  end?: End
}

/**
 * Makes renditions visible, all at once: their bytes are kept before.
 *
 * @param isNews whether `communication` is to hear of it, which it need not for each new segment of a stream
 * @throws MediumGone where there is no such medium any more
 */
export async function publish(
  { db, announce }: Rendering,
  id: string,
  made: Made,
  isNews = true,
): Promise<void> {
  await inTransaction(db, async (tx) => {
    if (!(await holdProcessing(tx, id))) throw new MediumGone()
    await saveRenditions(tx, id, made.renditions)
    await savePlaylists(tx, id, made.playlists ?? [])
    // Those of an attempt that was given up, whose files are going to be removed.
    if (made.end === 'READY' && made.playlists) await removeOtherPlaylists(tx, id, made.playlists)
    if (made.end) await endProcessing(tx, id, made.end)
    if (!isNews) return
    const [medium] = await findMedia(tx, [id])
    if (medium) await announce(tx, medium)
  })
}
