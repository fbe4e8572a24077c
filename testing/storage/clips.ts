import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { createLog } from '../../platform/log.ts'
import { findTool, type Tool } from '../../subgraphs/storage/probing/find-tool.ts'
import { keptFolder } from '../kept-folder.ts'

const run = promisify(execFile)

/** Finds the tools for tests: the machine's own, or those from npm if `MOBLOG_TEST_TOOLS=npm`. */
export function toolForTests(tool: Tool): Promise<string> {
  if (process.env.MOBLOG_TEST_TOOLS === 'npm') return find(tool, '')
  return find(tool, process.env.PATH, process.env[`${tool.toUpperCase()}_PATH`])
}

function find(tool: Tool, searchPath: string | undefined, configured?: string): Promise<string> {
  return findTool(tool, {
    configured,
    searchPath,
    allowBundled: true,
    copyTo: path.join(keptFolder(), 'moblog-test-tools'),
    log: createLog('test', 'silent'),
  })
}

/** Finds the machine's own tool, also if the test uses another one: it writes more formats, and measures better. */
export function newestTool(tool: Tool): Promise<string> {
  return find(tool, process.env.PATH)
}

/**
 * Makes a clip. If the machine's ffmpeg cannot, because it lacks an encoder such as AMR's, the ffmpeg from npm makes
 * it.
 */
export async function makeClip(args: readonly string[], file: string): Promise<void> {
  const make = async (ffmpeg: string) => run(ffmpeg, ['-v', 'error', '-nostdin', '-y', ...args, file])
  try {
    await make(await newestTool('ffmpeg'))
  } catch {
    await make(await find('ffmpeg', ''))
  }
}

const PICTURE = ['-f', 'lavfi', '-i', 'testsrc=size=64x36:rate=10:duration=1']
const SOUND = ['-f', 'lavfi', '-i', 'sine=frequency=440:duration=1']
const SUBTITLES = `data:text/plain;base64,${btoa('1\n00:00:00,000 --> 00:00:01,000\nHello\n')}`
const H264 = ['-c:v', 'libx264', '-pix_fmt', 'yuv420p']

/**
 * A photograph as phones take it, which ffmpeg cannot make: 160 x 96 pixels in Display P3, red on the left and blue on
 * the right, to be turned clockwise, with a location in its Exif.
 */
export const HEIC_PHOTO = fileURLToPath(new URL('./photo.heic', import.meta.url))

/** The ffmpeg arguments for tiny media, keyed by the name of the resulting file. */
export const RECIPES = {
  'film.mp4': [...PICTURE, ...SOUND, ...H264, '-c:a', 'aac', '-shortest'],
  'silent.mp4': [...PICTURE, ...H264],
  'wide-pixels.mp4': [...PICTURE, ...H264, '-vf', 'setsar=2/1'],
  'film.mov': [...PICTURE, ...SOUND, ...H264, '-c:a', 'aac', '-shortest'],
  'film.webm': [...PICTURE, ...SOUND, '-c:v', 'libvpx', '-c:a', 'libopus', '-shortest'],
  'live.webm': [...PICTURE, '-c:v', 'libvpx', '-live', '1'],
  'film.mkv': [...PICTURE, ...H264],
  'two-tracks.mkv': [
    ...[...PICTURE, '-f', 'lavfi', '-i', 'testsrc=size=32x32:rate=10:duration=1'],
    ...['-map', '1', '-map', '0', ...H264, '-disposition:v:0', '0', '-disposition:v:1', 'default'],
  ],
  'subtitled.mp4': [...PICTURE, '-f', 'srt', '-i', SUBTITLES, ...H264, '-c:s', 'mov_text'],
  'subtitled.mkv': [...PICTURE, '-f', 'srt', '-i', SUBTITLES, ...H264, '-c:s', 'ass'],
  'huge.mp4': [
    '-f',
    'lavfi',
    '-i',
    'color=size=8320x4608:rate=1:duration=1',
    ...H264,
    '-preset',
    'ultrafast',
  ],
  'sound.mp3': [...SOUND, '-c:a', 'libmp3lame'],
  'sound.m4a': [...SOUND, '-c:a', 'aac'],
  'sound.ogg': [...SOUND, '-c:a', 'libopus'],
  'sound.webm': [...SOUND, '-c:a', 'libopus'],
  'sound.wav': SOUND,
  'sound.flac': SOUND,
  'sound.amr': [...SOUND, '-ar', '8000', '-ac', '1', '-c:a', 'libopencore_amrnb'],
  'photo.jpg': [...PICTURE, '-frames:v', '1'],
  'photo.png': [...PICTURE, '-frames:v', '1'],
  'photo.webp': [...PICTURE, '-frames:v', '1', '-c:v', 'libwebp'],
  'moving.gif': PICTURE,
  'picture.bmp': [...PICTURE, '-frames:v', '1'],
} as const

/** The name of a clip that can be made. */
export type ClipName = keyof typeof RECIPES

/** Opens a folder in which tests make clips; call `remove` at the end. */
export async function openClips() {
  const folder = await mkdtemp(path.join(tmpdir(), 'moblog-clips-'))
  const made = new Map<ClipName, Promise<string>>()
  const make = async (name: ClipName) => {
    const file = path.join(folder, name)
    await makeClip(RECIPES[name], file)
    return file
  }
  /** The path of a clip. The clip is made on first use. */
  const file = (name: ClipName) => {
    const known = made.get(name) ?? make(name)
    made.set(name, known)
    return known
  }
  return {
    folder,
    file,
    bytes: async (name: ClipName) => readFile(await file(name)),
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}
