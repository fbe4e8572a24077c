import { readFile, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import type { ObjectStore } from '../objects/object-store.ts'
import { codecsOf, masterPlaylist, mediaPlaylist, readSegments, type Segment } from './playlists.ts'
import type { Rung } from './recording-arguments.ts'
import { type Playlist, type Rendition, streamObject } from './rendition.ts'

/** What a stream has become so far. */
export type PublishedStream = {
  rendition: Rendition
  playlists: Playlist[]
  segments: number
  /** How long the longest segment plays. */
  longestSeconds: number
}

/** What publishing a stream needs. */
export type Publishing = {
  objects: ObjectStore
  mediumId: string
  /** Where ffmpeg writes. */
  cwd: string
  /** Of a whole that is copied; null for one that is made anew, whose pictures all stand equally long. */
  durationSeconds: number | null
  rungs: readonly [Rung, ...Rung[]]
}

// A film that says it is longer by more has lost its end.
const LONGEST_PICTURE_SECONDS = 5

type Progress = { rung: Rung; codecs: string; segments: Segment[] }

/**
 * Keeps the segments of a stream as ffmpeg finishes them, the first ones before the last ones are made.
 *
 * @returns a function that keeps what is new and tells what the stream is now; null while not every size has a segment
 */
export function createStreamPublisher({ objects, mediumId, cwd, durationSeconds, rungs }: Publishing) {
  const progress: Progress[] = rungs.map((rung) => ({ rung, codecs: '', segments: [] }))
  let byteSize = 0

  const keep = async (name: string) => {
    const file = path.join(cwd, name)
    byteSize += (await stat(file)).size
    await objects.put(mediumId, streamObject(name), file)
    // Linked or copied by now: what is kept needs no second name.
    await rm(file)
  }

  const keepNew = async (made: Progress) => {
    const { files } = made.rung
    const text = await readFile(path.join(cwd, `${files}.m3u8`), 'utf8').catch(() => '')
    const fresh = readSegments(text).slice(made.segments.length)
    if (fresh.length > 0 && !made.codecs) {
      const init = await readFile(path.join(cwd, `${files}-init.mp4`)).catch(() => null)
      const codecs = init ? codecsOf(init) : ''
      // Without it no segment can be played; it may come a moment later.
      if (!codecs) return
      await keep(`${files}-init.mp4`)
      made.codecs = codecs
    }
    for (const segment of fresh) {
      await keep(segment.name)
      made.segments.push(segment)
    }
  }

  return async (isComplete: boolean): Promise<PublishedStream | null> => {
    for (const made of progress) await keepNew(made)
    if (progress.some(({ segments }) => segments.length === 0)) return null
    const largest = rungs.at(-1) ?? rungs[0]
    return {
      segments: Math.min(...progress.map(({ segments }) => segments.length)),
      longestSeconds: Math.max(...progress.flatMap(({ segments }) => segments.map(({ seconds }) => seconds))),
      playlists: [
        ...progress.map(({ rung, segments }) =>
          mediaPlaylist(rung, isComplete ? toTheEnd(segments, durationSeconds) : segments, isComplete),
        ),
        masterPlaylist(progress.map(({ rung, codecs }) => ({ ...rung, codecs }))),
      ],
      rendition: {
        role: 'STREAM',
        objectName: streamObject(`${largest.files}-init.mp4`),
        mimeType: 'application/vnd.apple.mpegurl',
        byteSize,
        width: largest.size?.width ?? null,
        height: largest.size?.height ?? null,
      },
    }
  }
}

// ffmpeg counts the last segment only up to where its last picture begins, which may stand long.
function toTheEnd(segments: readonly Segment[], durationSeconds: number | null): Segment[] {
  const missing = (durationSeconds ?? 0) - segments.reduce((sum, { seconds }) => sum + seconds, 0)
  const last = segments.at(-1)
  if (!last || missing < 0.25 || missing > LONGEST_PICTURE_SECONDS) return [...segments]
  return [...segments.slice(0, -1), { ...last, seconds: last.seconds + missing }]
}
