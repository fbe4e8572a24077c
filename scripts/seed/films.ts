import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import ffmpeg from '@ffmpeg-installer/ffmpeg'
import { fileOf, type MediaFile } from '../client/media-file.ts'
import { scenePicture } from './pictures.ts'

const H264 = [
  '-c:v',
  'libx264',
  '-preset',
  'veryfast',
  '-pix_fmt',
  'yuv420p',
  '-c:a',
  'aac',
  '-movflags',
  '+faststart',
]
const chord = (...tones: number[]) =>
  `aevalsrc=${tones.map((tone, index) => `0.16*sin(2*PI*${tone}*t)*exp(-mod(t\\,${2 + index})*0.9)`).join('+')}`

// What is random has a seed, so that a second run does not upload another film.
const RECIPES = {
  'waves.mp4': {
    mimeType: 'video/mp4',
    seconds: 8,
    picture: 'dusk',
    sources: [chord(196, 246.9, 293.7)],
    codec: ['-vf', `zoompan=z='1+on/240':d=1:x='iw/3':y='ih/4':s=1280x720:fps=15`, ...H264],
  },
  'portrait.mp4': {
    mimeType: 'video/mp4',
    seconds: 8,
    sources: [
      'life=size=270x480:rate=15:ratio=0.12:seed=1:mold=12:death_color=#3b1d3f:life_color=#ffb38a',
      chord(220, 277.2, 329.6),
    ],
    codec: ['-vf', 'scale=720:1280:flags=neighbor', ...H264],
  },
  'song.m4a': {
    mimeType: 'audio/mp4',
    seconds: 40,
    sources: [chord(261.6, 329.6, 392)],
    codec: ['-c:a', 'aac'],
  },
  'birds.mp3': {
    mimeType: 'audio/mpeg',
    seconds: 15,
    sources: ['aevalsrc=0.2*sin(2*PI*(2200+600*sin(7*t))*t)*gt(sin(3*t)\\,0.6)'],
    codec: ['-c:a', 'libmp3lame'],
  },
} as const

/** The films and recordings that the sample users post. */
export type FilmName = keyof typeof RECIPES

/** Makes a film or a recording, each time with the same bytes. */
export async function sampleFilm(name: FilmName): Promise<MediaFile> {
  const { mimeType, seconds, sources, codec, ...more } = RECIPES[name]
  const folder = await mkdtemp(path.join(os.tmpdir(), 'moblog-seed-'))
  try {
    const file = path.join(folder, name)
    const inputs = sources.flatMap((source) => ['-f', 'lavfi', '-t', `${seconds}`, '-i', source])
    if ('picture' in more) {
      const picture = path.join(folder, 'picture.jpg')
      await writeFile(picture, (await scenePicture(more.picture)).bytes)
      inputs.unshift('-loop', '1', '-framerate', '15', '-t', `${seconds}`, '-i', picture)
    }
    await promisify(execFile)(ffmpeg.path, ['-v', 'error', ...inputs, '-t', `${seconds}`, ...codec, file])
    return fileOf(name, mimeType, await readFile(file))
  } finally {
    await rm(folder, { recursive: true })
  }
}
