import { execFile } from 'node:child_process'
import { createHash, randomUUID } from 'node:crypto'
import { mkdir, readFile, rename } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import ffmpeg from '@ffmpeg-installer/ffmpeg'
import { fileOf, type MediaFile } from '../../scripts/client/media-file.ts'
import { keptFolder } from '../kept-folder.ts'

const picture = ['-f', 'lavfi', '-i', 'testsrc=size=320x240:rate=15']
const sound = ['-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=44100']
const h264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-movflags', '+faststart']

const RECIPES = {
  'clip.mp4': {
    mimeType: 'video/mp4',
    seconds: 2,
    arguments: [...picture, ...sound, ...h264, '-c:a', 'aac'],
  },
  'tone.mp3': { mimeType: 'audio/mpeg', seconds: 1, arguments: [...sound, '-c:a', 'libmp3lame'] },
  'tone.wav': { mimeType: 'audio/wav', seconds: 1, arguments: [...sound, '-c:a', 'pcm_s16le'] },
  'photo.jpg': { mimeType: 'image/jpeg', seconds: 1, arguments: [...picture, '-frames:v', '1'] },
} as const

/**
 * The arguments for a portrait film with sound that every phone plays, so the server only copies its packets. A key frame every
 * two seconds makes segments short.
 */
export function portraitFilm(seconds: number): string[] {
  const portrait = ['-f', 'lavfi', '-i', 'testsrc=size=180x320:rate=15']
  return [...portrait, ...sound, ...h264, '-g', '30', '-c:a', 'aac', '-t', `${seconds}`]
}

/** The names of the files that can be made. */
export type MediaName = keyof typeof RECIPES

/** Returns a short media file. The ffmpeg from npm makes it once, and later runs reuse it. */
export async function mediaFile(name: MediaName): Promise<MediaFile> {
  const recipe = RECIPES[name]
  const bytes = await madeOnce(name, [...recipe.arguments, '-t', `${recipe.seconds}`])
  return fileOf(name, recipe.mimeType, bytes)
}

/** Returns another media file, which the same ffmpeg makes once from these arguments. Later runs reuse it. */
export async function madeFile(name: string, mimeType: string, recipe: string[]): Promise<MediaFile> {
  return fileOf(name, mimeType, await madeOnce(name, recipe))
}

async function madeOnce(name: string, recipe: string[]): Promise<Buffer> {
  const id = createHash('sha256').update(JSON.stringify(recipe)).digest('hex').slice(0, 12)
  const folder = path.join(keptFolder(), `moblog-test-media-${os.userInfo().uid}`)
  const file = path.join(folder, `${id}-${name}`)
  const kept = await readFile(file).catch(() => null)
  if (kept) return kept
  await mkdir(folder, { recursive: true, mode: 0o700 })
  // The file gets its name when it is complete, because several test processes may make it at the same time.
  const unfinished = path.join(folder, `${randomUUID()}-${name}`)
  await promisify(execFile)(ffmpeg.path, ['-v', 'error', '-y', ...recipe, unfinished])
  await rename(unfinished, file)
  return readFile(file)
}
