import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { makeClip } from './clips.ts'

/** Returns a unique marker for a place in a file. */
type Mark = (place: string) => string

/** A recording with a marker in every place where programs write texts. */
type MarkedRecipe = {
  name: string
  args: (mark: Mark, folder: string) => string[] | Promise<string[]>
  /** Adds places that ffmpeg does not write. */
  add?: (bytes: Buffer, mark: Mark) => Buffer
}

/** A marked recording, and its markers by place. */
export type Marked = { name: string; bytes: Buffer; markers: Map<string, string> }

const words = (line: string) => line.split(' ')
const PICTURE = words('-f lavfi -i testsrc=size=128x72:rate=10:duration=2')
const SOUND = words('-f lavfi -i sine=frequency=440:duration=2')
const H264 = words('-c:v libx264 -preset ultrafast -pix_fmt yuv420p')
const COMMON = ['title', 'artist', 'album', 'comment', 'copyright', 'genre', 'composer', 'date']

const metadata = (mark: Mark, keys: readonly string[], stream = '') =>
  keys.flatMap((key) => [`-metadata${stream}`, `${key}=${mark(`${stream || 'file'} ${key}`)}`])
// User data in supplemental information, as cameras write it (ITU-T H.264 §D.2.6): a UUID, + and the text.
const sei = (mark: Mark) =>
  words(`-bsf:v h264_metadata=sei_user_data=086f3693-b7b3-4f2c-9653-21492feee5b8+${mark('SEI')}`)

/** Creates a chapter file and returns the arguments to use it as an input. */
async function chapters(mark: Mark, folder: string): Promise<string[]> {
  const file = path.join(folder, 'chapters.txt')
  const chapter = `[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=2000\ntitle=${mark('chapter')}\n`
  await writeFile(file, `;FFMETADATA1\n${chapter}`)
  return ['-f', 'ffmetadata', '-i', file]
}

async function subtitles(mark: Mark, folder: string): Promise<string[]> {
  const file = path.join(folder, 'subtitles.srt')
  await writeFile(file, `1\n00:00:00,000 --> 00:00:01,500\n${mark('subtitle')}\n`)
  return ['-i', file]
}

const chunk = (type: string, content: string, littleEndian = false): Buffer => {
  const body = Buffer.from(content.length % 2 === 0 ? content : `${content} `, 'latin1')
  const head = Buffer.alloc(8)
  if (littleEndian) {
    head.write(type, 0, 'latin1')
    head.writeUInt32LE(body.length, 4)
  } else {
    head.writeUInt32BE(body.length + 8, 0)
    head.write(type, 4, 'latin1')
  }
  return Buffer.concat([head, body])
}

const XMP_UUID = Buffer.from('be7acfcb97a942e89c71999491e3afac', 'hex').toString('latin1')

/** Appends boxes after all others (ISO/IEC 14496-12 §8.1), as cameras and editors do. */
const addBoxes = (bytes: Buffer, mark: Mark) =>
  Buffer.concat([
    bytes,
    chunk('uuid', `${XMP_UUID}<x:xmpmeta>${mark('box uuid (XMP)')}</x:xmpmeta>`),
    chunk('free', mark('box free')),
    chunk('skip', mark('box skip')),
    chunk('meta', mark('box meta')),
    chunk('beam', mark('box of a camera')),
  ])

/** Appends chunks to a RIFF file and updates its size to include them. */
function addChunks(bytes: Buffer, mark: Mark): Buffer {
  const added = Buffer.concat([
    ...['iXML', 'id3 ', '_PMX', 'JUNK'].map((type) => chunk(type, mark(`chunk ${type}`), true)),
  ])
  const all = Buffer.concat([bytes, added])
  all.writeUInt32LE(all.length - 8, 4)
  return all
}

/**
 * Adds an ID3v2.3 tag with frames that ffmpeg does not write (https://id3.org/id3v2.3.0), and an APE tag at the end.
 */
function addId3(bytes: Buffer, mark: Mark): Buffer {
  const frames = ['USLT', 'PRIV', 'GEOB', 'COMM', 'WXXX', 'IPLS'].map((id) => {
    const body = Buffer.from(`\0eng\0${mark(`ID3 ${id}`)}\0`, 'latin1')
    const head = Buffer.alloc(10)
    head.write(id, 0, 'latin1')
    head.writeUInt32BE(body.length, 4)
    return Buffer.concat([head, body])
  })
  const body = Buffer.concat(frames)
  const size = [21, 14, 7, 0].map((shift) => (body.length >> shift) & 0x7f)
  const ape = Buffer.from(`APETAGEX${mark('APE tag')}`, 'latin1')
  return Buffer.concat([Buffer.from('ID3\x03\0\0', 'latin1'), Buffer.from(size), body, bytes, ape])
}

/** Inserts an APPLICATION block after the first block (RFC 9639 §8.4). */
function addApplication(bytes: Buffer, mark: Mark): Buffer {
  const first = 4 + 4 + bytes.readUIntBE(5, 3)
  const body = Buffer.from(`test${mark('application block')}`, 'latin1')
  const head = Buffer.from([2, 0, 0, body.length])
  return Buffer.concat([bytes.subarray(0, first), head, body, bytes.subarray(first)])
}

const RECIPES: readonly MarkedRecipe[] = [
  {
    name: 'film.mp4',
    args: async (mark, folder) => [
      ...[...PICTURE, ...SOUND, ...(await chapters(mark, folder)), ...(await subtitles(mark, folder))],
      ...words('-map 0:v -map 1:a -map 3:s -map_chapters 2 -c:a aac -c:s mov_text'),
      ...[...H264, ...sei(mark)],
      ...metadata(mark, [...COMMON, 'description', 'synopsis', 'lyrics', 'grouping']),
      ...metadata(mark, ['handler_name'], ':s:v'),
      ...metadata(mark, ['handler_name'], ':s:a'),
    ],
    add: addBoxes,
  },
  {
    name: 'phone.mov',
    args: (mark) => [
      ...[
        ...PICTURE,
        ...SOUND,
        ...H264,
        ...words('-c:a aac -timecode 01:02:03:04 -movflags use_metadata_tags'),
      ],
      ...metadata(mark, [
        'com.apple.quicktime.make',
        'com.apple.quicktime.location.name',
        'com.apple.quicktime.author',
      ]),
      ...metadata(mark, ['handler_name'], ':s:v'),
    ],
    add: addBoxes,
  },
  {
    name: 'film.3gp',
    args: (mark) => [
      ...[...PICTURE, ...SOUND, ...H264, '-c:a', 'aac'],
      ...metadata(mark, ['title', 'artist', 'comment', 'album', 'genre']),
    ],
    add: addBoxes,
  },
  {
    name: 'film.mkv',
    args: async (mark, folder) => {
      const attached = path.join(folder, 'attached.ttf')
      await writeFile(attached, mark('attachment'))
      return [
        ...[...PICTURE, ...SOUND, ...(await chapters(mark, folder)), ...(await subtitles(mark, folder))],
        ...words('-map 0:v -map 1:a -map 3:s -map_chapters 2 -c:a libopus -c:s srt'),
        ...[...H264, ...sei(mark), '-attach', attached],
        ...metadata(mark, [...COMMON, 'summary', 'director', 'location']),
        ...metadata(mark, ['title', 'comment'], ':s:v'),
        ...metadata(mark, ['title'], ':s:a'),
        ...['-metadata:s:t', `filename=${mark('attachment name')}.ttf`],
        ...['-metadata:s:t', 'mimetype=font/ttf'],
      ]
    },
  },
  {
    name: 'film.webm',
    args: (mark) => [
      ...[...PICTURE, ...SOUND, ...words('-c:v libvpx -c:a libopus')],
      ...metadata(mark, COMMON),
      ...metadata(mark, ['title'], ':s:v'),
    ],
  },
  {
    name: 'film.avi',
    args: (mark) => [
      ...[...PICTURE, ...SOUND, ...H264, '-c:a', 'libmp3lame'],
      ...metadata(mark, ['title', 'artist', 'comment', 'copyright', 'genre']),
      ...metadata(mark, ['title'], ':s:v'),
    ],
  },
  {
    name: 'film.ts',
    args: (mark) => [
      ...[...PICTURE, ...SOUND, ...H264, '-c:a', 'aac', ...sei(mark)],
      ...metadata(mark, ['service_name', 'service_provider']),
    ],
  },
  {
    name: 'film.flv',
    args: (mark) => [
      ...PICTURE,
      ...SOUND,
      ...H264,
      '-c:a',
      'aac',
      ...metadata(mark, ['title', 'comment', 'author']),
    ],
  },
  {
    name: 'song.mp3',
    args: (mark) => [
      ...[...SOUND, ...words('-c:a libmp3lame -write_id3v1 1')],
      ...metadata(mark, [...COMMON, 'publisher', 'own_key']),
    ],
    add: addId3,
  },
  { name: 'song.m4a', args: (mark) => [...SOUND, '-c:a', 'aac', ...metadata(mark, COMMON)], add: addBoxes },
  { name: 'song.flac', args: (mark) => [...SOUND, ...metadata(mark, COMMON)], add: addApplication },
  { name: 'song.ogg', args: (mark) => [...SOUND, '-c:a', 'libopus', ...metadata(mark, COMMON)] },
  {
    name: 'memo.wav',
    args: (mark) => [
      ...[...SOUND, '-write_bext', '1'],
      ...metadata(mark, ['title', 'artist', 'comment', 'copyright', 'originator', 'description']),
    ],
    add: addChunks,
  },
  {
    name: 'memo.amr',
    args: () => [...SOUND, ...words('-ar 8000 -ac 1 -c:a libopencore_amrnb')],
    add: (bytes, mark) => Buffer.concat([bytes, Buffer.from(mark('after the last frame'))]),
  },
  {
    name: 'bare.aac',
    args: () => [...SOUND, '-c:a', 'aac'],
    add: addId3,
  },
]

/** The beginning of every marker. Markers have ten characters, so they fit into formats with little space. */
export const MARKER = 'Mq7Zk'

/** Makes all marked recordings. Markers that ffmpeg did not write are removed from the list. */
export async function markedRecordings(folder: string): Promise<Marked[]> {
  const made: Marked[] = []
  let count = 0
  for (const { name, args, add } of RECIPES) {
    const markers = new Map<string, string>()
    const mark: Mark = (place) => {
      const marker = `${MARKER}${String(count++).padStart(3, '0')}vP`
      markers.set(place, marker)
      return marker
    }
    const file = path.join(folder, name)
    await makeClip(await args(mark, folder), file)
    const written = await readFile(file)
    const bytes = add ? add(written, mark) : written
    for (const [place, marker] of markers) if (!holds(bytes, marker)) markers.delete(place)
    made.push({ name, bytes, markers })
  }
  return made
}

/** Whether bytes contain a text, in any encoding that containers use. */
export function holds(bytes: Buffer, text: string): boolean {
  return [Buffer.from(text), Buffer.from(text, 'utf16le'), Buffer.from(text, 'utf16le').swap16()].some(
    (variant) => bytes.includes(variant),
  )
}
