import { readFile, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { type Playlist, type Rendition, streamObject } from '../media/rendition.ts'
import type { ObjectStore } from '../objects/object-store.ts'
import { type FragmentTimes, type InitTrack, readFragmentTimes, readInitTracks } from './fragment-times.ts'
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
  /** The folder that ffmpeg writes to. */
  cwd: string
  rungs: readonly [Rung, ...Rung[]]
}

type Progress = {
  rung: Rung
  codecs: string
  tracks: InitTrack[]
  segments: (Segment & { times: FragmentTimes })[]
}

/** The names of the two files in ffmpeg's folder from which a sample of the stream can be decoded. */
export function sampleFiles([{ files }]: Publishing['rungs']): string[] {
  return [`${files}-init.mp4`, `${files}-00000.m4s`]
}

/**
 * Stores the segments of a stream as ffmpeg finishes them, the first ones while the last are still being made.
 *
 * @returns a function that stores new segments and returns the state of the stream; null until each size has a segment
 */
export function createStreamPublisher({ objects, mediaId, cwd, rungs }: Publishing) {
  const progress: Progress[] = rungs.map((rung) => ({ rung, codecs: '', tracks: [], segments: [] }))
  const samples = sampleFiles(rungs)
  let byteSize = 0

  const keep = async (name: string) => {
    const file = path.join(cwd, name)
    byteSize += (await stat(file)).size
    await objects.put(mediaId, streamObject(name), file)
    // The file is now linked or copied to the store, so it is deleted here. The samples are needed for the final check.
    if (!samples.includes(name)) await rm(file)
  }

  const keepNew = async (made: Progress) => {
    const { files } = made.rung
    const text = await readFile(path.join(cwd, `${files}.m3u8`), 'utf8').catch(() => '')
    const fresh = readSegments(text).slice(made.segments.length)
    if (fresh.length > 0 && !made.codecs) {
      const init = await readFile(path.join(cwd, `${files}-init.mp4`)).catch(() => null)
      const codecs = init ? codecsOf(init) : ''
      // No segment can be played without the initialization segment, which may be finished a moment later.
      if (!codecs) return
      if (made.rung.isEncoded) await makeTracksUpright(path.join(cwd, `${files}-init.mp4`))
      made.tracks = await readInitTracks(path.join(cwd, `${files}-init.mp4`))
      await keep(`${files}-init.mp4`)
      made.codecs = codecs
    }
    for (const segment of fresh) {
      const times = await readFragmentTimes(path.join(cwd, segment.name), made.tracks)
      await keep(segment.name)
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
