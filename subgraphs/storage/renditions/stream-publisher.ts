import { rm, stat } from 'node:fs/promises'
import { type Playlist, type Rendition, streamObject } from '../media/rendition.ts'
import type { ObjectStore } from '../objects/object-store.ts'
import { type FragmentTimes, type InitTrack, readFragmentTimes, readInitTracks } from './fragment-times.ts'
import { type OutputFolders, peek, take } from './outputs.ts'
import { codecsOf, masterPlaylist, mediaPlaylist, readSegments, type Segment } from './playlists.ts'
import type { Rung } from './recording-arguments.ts'
import { makeTracksUpright } from './upright-tracks.ts'

/** The current state of a stream. */
export type PublishedStream = {
  rendition: Rendition
  playlists: Playlist[]
  segments: number
  /** The duration of the longest segment. */
  longestSeconds: number
  /** The total duration of the segments of each size, smallest size first. */
  seconds: number[]
  /** When the tracks of each size play, smallest size first. */
  times: FragmentTimes[]
}

/** The arguments of `createStreamPublisher`. */
export type Publishing = {
  objects: ObjectStore
  mediaId: string
  folders: OutputFolders
  rungs: readonly [Rung, ...Rung[]]
}

// A film of 24 hours has a playlist of 3 MB.
const MAX_PLAYLIST_BYTES = 16 * 1024 ** 2
const MAX_INIT_BYTES = 1024 ** 2

type Progress = {
  rung: Rung
  codecs: string
  tracks: InitTrack[]
  segments: (Segment & { times: FragmentTimes })[]
}

/** The names of the two taken files from which a sample of the stream can be decoded. */
export function sampleFiles([{ files }]: Publishing['rungs']): string[] {
  return [`${files}-init.mp4`, `${files}-00000.m4s`]
}

/**
 * Stores the segments of a stream as ffmpeg finishes them, the first ones while the last are still being made.
 *
 * @returns a function that stores new segments and returns the state of the stream; null until each size has a segment
 */
export function createStreamPublisher({ objects, mediaId, folders, rungs }: Publishing) {
  const progress: Progress[] = rungs.map((rung) => ({ rung, codecs: '', tracks: [], segments: [] }))
  const samples = sampleFiles(rungs)
  let byteSize = 0

  const keep = async (name: string, file: string) => {
    byteSize += (await stat(file)).size
    await objects.put(mediaId, streamObject(name), file)
    // The file is now linked or copied to the store, so it is deleted here. The samples are needed for the final check.
    if (!samples.includes(name)) await rm(file)
  }

  const keepNew = async (made: Progress) => {
    const { files } = made.rung
    const text = await peek(folders, `${files}.m3u8`, MAX_PLAYLIST_BYTES)
    const fresh = readSegments(`${text ?? ''}`).slice(made.segments.length)
    if (fresh.length > 0 && !made.codecs) {
      const name = `${files}-init.mp4`
      const init = await peek(folders, name, MAX_INIT_BYTES)
      const codecs = init ? codecsOf(init) : ''
      // No segment can be played without the initialization segment, which may be finished a moment later.
      if (!codecs) return
      const file = await take(folders, name)
      if (made.rung.isEncoded) await makeTracksUpright(file)
      made.tracks = await readInitTracks(file)
      await keep(name, file)
      made.codecs = codecs
    }
    for (const segment of fresh) {
      const file = await take(folders, segment.name)
      const times = await readFragmentTimes(file, made.tracks)
      await keep(segment.name, file)
      made.segments.push({ ...segment, seconds: secondsOf(times) ?? segment.seconds, times })
    }
  }

  return async (isComplete: boolean): Promise<PublishedStream | null> => {
    for (const made of progress) await keepNew(made)
    if (progress.some(({ segments }) => segments.length === 0)) return null
    const largest = rungs.at(-1) ?? rungs[0]
    return {
      segments: Math.min(...progress.map(({ segments }) => segments.length)),
      longestSeconds: Math.max(...progress.flatMap(({ segments }) => segments.map(({ seconds }) => seconds))),
      seconds: progress.map(({ segments }) => segments.reduce((sum, { seconds }) => sum + seconds, 0)),
      times: progress.map(({ segments }) => joined(segments.map(({ times }) => times))),
      playlists: [
        ...progress.map(({ rung, segments }) => mediaPlaylist(rung, segments, isComplete)),
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

// ffmpeg measures a segment by its pictures, and the last segment only to the start of its last picture.
function secondsOf({ video, audio }: FragmentTimes): number | null {
  const track = video ?? audio
  return track ? track.end - track.start : null
}

function joined(all: readonly FragmentTimes[]): FragmentTimes {
  const joinedTimes: FragmentTimes = {}
  for (const kind of ['video', 'audio'] as const) {
    const parts = all.flatMap((times) => times[kind] ?? [])
    if (parts.length === 0) continue
    joinedTimes[kind] = {
      start: Math.min(...parts.map(({ start }) => start)),
      end: Math.max(...parts.map(({ end }) => end)),
    }
  }
  return joinedTimes
}
