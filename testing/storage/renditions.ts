import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { eventually } from '../eventually.ts'
import { toolForTests } from './clips.ts'
import { patch, type TestStorage } from './storage.ts'

const run = promisify(execFile)

const MEDIA = `query Media($id: ID!) {
  media(id: $id) {
    id state processingPercent durationSeconds failure { code message }
    renditions { role mimeType byteSize width height }
  }
}`

/** Uploads a file and returns its upload and, if it was accepted, its media id. */
export async function upload(
  storage: TestStorage,
  ownerId: string,
  bytes: Uint8Array,
  mimeType = 'video/mp4',
) {
  const { uploadId, ...opened } = await storage.openUpload(ownerId, { byteSize: bytes.length, mimeType })
  await patch(opened, 0, bytes)
  const session = await eventually(async () => {
    const now = await storage.session(ownerId, uploadId)
    return /COMPLETED|REJECTED/.test(now.state) && now
  }, 180_000)
  return { session, mediaId: session.media?.id as string }
}

/** Queries a media file as its owner. */
export async function mediaOf(storage: TestStorage, ownerId: string, id: string) {
  return (await storage.ask(MEDIA, { id }, ownerId)).media
}

/** Waits until a media file is no longer being processed. */
export function settled(storage: TestStorage, ownerId: string, id: string, withinMs = 100_000) {
  return eventually(
    () => mediaOf(storage, ownerId, id),
    ({ state }) => state !== 'PROCESSING',
    withinMs,
  )
}

/** Downloads a variant of a media file with a viewer's media token. */
export async function get(
  storage: TestStorage,
  ids: { ownerId: string; viewerId: string; mediaId: string },
  variant: string,
) {
  const token = await storage.mediaToken({ sub: ids.viewerId, owner: ids.ownerId, media: ids.mediaId })
  const response = await fetch(`${storage.address()}/v/${token}/${ids.mediaId}/${variant}`)
  return { response, bytes: Buffer.from(await response.arrayBuffer()) }
}

/** Returns a digest of each decoded picture of a video. */
export async function picturesOf(folder: string, bytes: Uint8Array): Promise<string[]> {
  const file = path.join(folder, `pictures-${process.hrtime.bigint()}`)
  await writeFile(file, bytes)
  const args = ['-v', 'error', '-i', file, '-map', '0:v', '-f', 'framemd5', '-']
  const { stdout } = await run(await toolForTests('ffmpeg'), args)
  // Each line holds the stream, times, size and digest. The times come from the file, so only the digest is kept.
  return stdout
    .split('\n')
    .flatMap((line) => (line && !line.startsWith('#') ? (line.split(',').at(-1) ?? '') : []))
}

/** Runs ffprobe on bytes and checks that they decode without errors. */
export async function decoded(folder: string, bytes: Uint8Array) {
  const file = path.join(folder, `decoded-${process.hrtime.bigint()}`)
  await writeFile(file, bytes)
  const { stderr } = await run(await toolForTests('ffmpeg'), ['-v', 'error', '-i', file, '-f', 'null', '-'])
  if (stderr) throw new Error(stderr)
  const entries =
    'stream=codec_name,codec_type,level,avg_frame_rate,pix_fmt,width,height:format=duration,format_name:format_tags:stream_tags'
  const { stdout } = await run(await toolForTests('ffprobe'), [
    '-v',
    'error',
    '-of',
    'json',
    '-show_entries',
    entries,
    file,
  ])
  return JSON.parse(stdout) as {
    format: { duration?: string; format_name: string; tags?: Record<string, string> }
    streams: {
      codec_name: string
      codec_type: string
      level?: number
      avg_frame_rate?: string
      pix_fmt?: string
      width?: number
      height?: number
    }[]
  }
}
