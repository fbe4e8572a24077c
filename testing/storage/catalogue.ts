import { concatMaker, type Recipe } from './recipes.ts'

const SIZE = '96x64'
const SECONDS = 2
const words = (line: string) => line.split(' ')

type Options = {
  size?: string
  rate?: number
  seconds?: number
  soundSeconds?: number
  /** Filters between the test picture and the encoder. */
  filter?: string
  codec?: string
  sound?: string | null
  /** More arguments for the output. */
  more?: string
  /** Arguments before the second input, which is the sound. */
  beforeSound?: string
}

/** A video in a container, such as `h264+aac` in `mp4`. */
function film(name: string, extension: string, options: Options, expected: Partial<Recipe> = {}): Recipe {
  const { size = SIZE, rate = 15, seconds = SECONDS, filter, codec = '', more, sound = null } = options
  const soundSeconds = options.soundSeconds ?? seconds
  const [width = 0, height = 0] = size.split('x').map(Number)
  return {
    name: `${name}.${extension}`,
    args: [
      ...words(`-f lavfi -i testsrc=size=${size}:rate=${rate}:duration=${seconds}`),
      ...(sound === null
        ? []
        : [...(options.beforeSound ? words(options.beforeSound) : []), ...tone(soundSeconds)]),
      ...(filter ? ['-vf', filter] : []),
      ...words(codec),
      ...(sound ? words(sound) : []),
      ...(more ? words(more) : []),
    ],
    seconds: Math.max(seconds, sound === null ? 0 : soundSeconds),
    picture: { width, height, source: `testsrc=size=${size}:rate=${rate}` },
    hasSound: sound !== null,
    ...expected,
  }
}

function tone(seconds: number): string[] {
  return words(`-f lavfi -i sine=frequency=440:duration=${seconds}`)
}

function song(name: string, extension: string, codec: string, expected: Partial<Recipe> = {}): Recipe {
  return {
    name: `${name}.${extension}`,
    args: [...tone(expected.seconds ?? SECONDS), ...(codec ? words(codec) : [])],
    seconds: SECONDS,
    picture: null,
    hasSound: true,
    ...expected,
  }
}

const VIDEO: Record<string, string> = {
  h264: '-c:v libx264 -preset ultrafast -pix_fmt yuv420p',
  hevc: '-c:v libx265 -preset ultrafast -x265-params log-level=error -pix_fmt yuv420p',
  mpeg4: '-c:v mpeg4 -q:v 4',
  mpeg2: '-c:v mpeg2video -q:v 4',
  mpeg1: '-c:v mpeg1video -q:v 4',
  mjpeg: '-c:v mjpeg -pix_fmt yuvj420p -q:v 4',
  vp8: '-c:v libvpx -deadline realtime -b:v 500k',
  vp9: '-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -b:v 500k',
  theora: '-c:v libtheora -q:v 6',
  ffv1: '-c:v ffv1',
  huffyuv: '-c:v huffyuv -pix_fmt yuv422p',
  prores: '-c:v prores_ks -pix_fmt yuv422p10le',
  qtrle: '-c:v qtrle',
  png: '-c:v png',
  flv1: '-c:v flv -q:v 4',
  h263: '-c:v h263',
  wmv1: '-c:v wmv1 -q:v 4',
  wmv2: '-c:v wmv2 -q:v 4',
  msmpeg4: '-c:v msmpeg4 -q:v 4',
  msmpeg4v2: '-c:v msmpeg4v2 -q:v 4',
}
const SOUND: Record<string, string> = {
  aac: '-c:a aac',
  mp3: '-c:a libmp3lame',
  mp2: '-c:a mp2',
  ac3: '-c:a ac3',
  eac3: '-c:a eac3',
  dts: '-c:a dca -strict -2 -ar 48000',
  opus: '-c:a libopus',
  vorbis: '-c:a libvorbis',
  flac: '-c:a flac',
  alac: '-c:a alac',
  pcm: '-c:a pcm_s16le',
  pcmbe: '-c:a pcm_s16be -ar 48000',
  wma: '-c:a wmav2',
  amr: '-c:a libopencore_amrnb -ar 8000 -ac 1',
}

// The codecs that are tested in each container.
const FILMS: [extension: string, videos: string, sounds: string, more?: string][] = [
  ['mp4', 'h264 hevc mpeg4 mpeg2 vp9 mjpeg', 'aac mp3 ac3 alac'],
  ['mov', 'h264 hevc mpeg4 mjpeg prores qtrle png', 'aac pcm alac'],
  ['mkv', 'h264 hevc vp8 vp9 mpeg2 mpeg4 mjpeg ffv1 theora', 'aac opus flac dts eac3'],
  ['webm', 'vp8 vp9', 'opus vorbis'],
  ['avi', 'mpeg4 mjpeg h264 msmpeg4 msmpeg4v2 huffyuv ffv1 mpeg2', 'mp3 pcm ac3 mp2'],
  ['flv', 'flv1 h264', 'mp3 aac', '-ar 44100'],
  ['ts', 'h264 hevc mpeg2', 'aac mp2 ac3 mp3'],
  ['mpg', 'mpeg2 mpeg1', 'mp2 ac3', '-f vob'],
  ['wmv', 'wmv1 wmv2 msmpeg4', 'wma', '-f asf'],
  ['nut', 'h264 ffv1', 'mp3 pcm'],
  ['ogv', 'theora', 'vorbis opus'],
]

function combinations(): Recipe[] {
  return FILMS.flatMap(([extension, videos, sounds, more]) =>
    words(videos).flatMap((video) =>
      words(sounds).map((sound) =>
        film(`${video}+${sound}`, extension, {
          rate: extension === 'mpg' || video.startsWith('mpeg') ? 25 : 15,
          codec: VIDEO[video] ?? '',
          sound: SOUND[sound] ?? '',
          ...(more && { more }),
        }),
      ),
    ),
  )
}

// The containers of phones, browsers and camcorders, in which unusual videos are tested.
const BASES: [extension: string, video: string, sound: string][] = [
  ['mp4', 'h264', 'aac'],
  ['mov', 'hevc', 'aac'],
  ['mkv', 'vp9', 'opus'],
  ['webm', 'vp8', 'vorbis'],
  ['avi', 'mpeg4', 'mp3'],
  ['ts', 'mpeg2', 'mp2'],
]

/** The smallest odd size that the encoder accepts. With 4:2:0 colours, H.264 and HEVC only take even sizes. */
function oddSized(base: Options, video: string): Options {
  if (video === 'mpeg2') return { ...base, size: '98x66' }
  const codec = base.codec?.replace('yuv420p', 'yuv444p')
  return { ...base, size: '97x65', ...(codec && { codec }) }
}

function peculiarFilms(): Recipe[] {
  return BASES.flatMap(([extension, video, sound]) => {
    const codec = VIDEO[video] ?? ''
    const base = { codec, sound: SOUND[sound] ?? '', rate: 25 }
    const silent = { ...base, sound: null }
    const of = (what: string, options: Options, expected?: Partial<Recipe>) =>
      film(`${what} ${video}`, extension, options, expected)
    const isAvi = extension === 'avi'
    // MPEG-2 has only four aspect ratios (ISO/IEC 13818-2 §6.3.3). The widest is 2.21:1.
    const wide = {
      ...{ width: video === 'mpeg2' ? 141 : 192, height: 64 },
      source: `testsrc=size=${SIZE}:rate=25`,
    }
    return [
      of('silent', silent),
      of('odd size', oddSized(base, video)),
      of('upright', { ...base, size: '64x96' }),
      of('very wide', { ...base, size: '320x32' }),
      of('wide pixels', { ...base, filter: 'setsar=2/1' }, { picture: wide }),
      of('far keyframes', { ...base, seconds: 3, more: '-g 900' }),
      of('keyframes only', { ...base, more: '-g 1' }),
      of('short film, long sound', { ...base, seconds: 1, soundSeconds: 5 }),
      of('long film, short sound', { ...base, seconds: 5, soundSeconds: 1 }),
      // AVI has no timestamps: sound starts at once, empty entries stand for pictures, and ffmpeg adds one more.
      of('sound that begins late', { ...base, beforeSound: '-itsoffset 1.5' }, { seconds: isAvi ? 2 : 3.5 }),
      of('a third of a second', { ...base, seconds: 0.32 }),
      of('a single picture', { ...silent, seconds: 0.04 }),
      of('mono', { ...base, sound: `${base.sound} -ac 1` }),
      of('low sound rate', { ...base, sound: `${base.sound} -ar ${sound === 'opus' ? 16000 : 22050}` }),
      of('two sounds', { ...base, more: '-map 0:v -map 1:a -map 1:a' }),
      of('begins at ten seconds', { ...base, more: '-output_ts_offset 10' }, { seconds: isAvi ? 12 : 2 }),
      of('varying rate', { ...silent, filter: "select='not(eq(mod(n,3),1))'", more: '-vsync vfr' }),
      of('sixty pictures a second', { ...base, rate: 60 }),
      ...(video === 'mpeg2'
        ? []
        : [of('a picture a second', { ...base, rate: 1, seconds: 4 }, { seconds: isAvi ? 5 : 4 })]),
    ]
  })
}

const IDENTITY = [0x10000, 0, 0, 0x10000]
const ORIENTATIONS: [filter: string, matrix: number[]][] = [
  ['null', IDENTITY],
  ['hflip', [-0x10000, 0, 0, 0x10000]],
  ['vflip', [0x10000, 0, 0, -0x10000]],
  ['hflip,vflip', [-0x10000, 0, 0, -0x10000]],
  ['transpose=clock', [0, 0x10000, -0x10000, 0]],
  ['transpose=cclock', [0, -0x10000, 0x10000, 0]],
  ['transpose=cclock_flip', [0, 0x10000, 0x10000, 0]],
  ['transpose=clock_flip', [0, -0x10000, -0x10000, 0]],
]

/** Videos that are turned or mirrored by their track's matrix (ISO/IEC 14496-12 §8.3.2). */
function orientedFilms(): Recipe[] {
  return ['mp4', 'mov', '3gp'].flatMap((extension) =>
    ORIENTATIONS.map(([filter, [a = 0, b = 0, c = 0, d = 0]]) => {
      const isOnSide = filter.startsWith('transpose')
      const codec = VIDEO[extension === '3gp' ? 'mpeg4' : 'h264'] ?? ''
      return film(
        `matrix ${filter}`,
        extension,
        { codec, sound: SOUND.aac ?? '' },
        {
          picture: {
            width: isOnSide ? 64 : 96,
            height: isOnSide ? 96 : 64,
            source: `testsrc=size=${SIZE}:rate=15`,
            filter,
          },
          change(bytes) {
            const at = bytes.indexOf('tkhd') + 44
            const matrix = [a, b, 0, c, d, 0, 0, 0, 0x40000000]
            matrix.forEach((value, index) => void bytes.writeInt32BE(value, at + index * 4))
            return bytes
          },
        },
      )
    }),
  )
}

const HDR = 'colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc:log-level=error'

function otherFilms(): Recipe[] {
  const h264 = VIDEO.h264 ?? ''
  const aac = SOUND.aac ?? ''
  const base = { codec: h264, sound: aac }
  const trimmed = { seconds: 6, codec: `${h264} -g 30`, sound: aac }
  return [
    film('edit list', 'mp4', trimmed, {
      seconds: 4.5,
      hidden: 1.5,
      picture: { width: 96, height: 64, source: `testsrc=size=${SIZE}:rate=15`, startsAt: 1.5 },
    }),
    film('edit list', 'mov', trimmed, {
      seconds: 4.5,
      hidden: 1.5,
      picture: { width: 96, height: 64, source: `testsrc=size=${SIZE}:rate=15`, startsAt: 1.5 },
    }),
    film('fragmented', 'mp4', { ...base, more: '-movflags +frag_keyframe+empty_moov -g 15' }),
    film('index first', 'mp4', { ...base, more: '-movflags +faststart' }),
    film('pictures before others', 'mp4', { ...base, codec: `${h264} -bf 3 -g 30` }),
    film('4:2:2', 'mp4', { ...base, codec: '-c:v libx264 -preset ultrafast -pix_fmt yuv422p' }),
    film('4:4:4', 'mkv', { ...base, codec: '-c:v libx264 -preset ultrafast -pix_fmt yuv444p' }),
    film('10 bits', 'mp4', {
      ...base,
      codec: '-c:v libx265 -x265-params log-level=error -pix_fmt yuv420p10le',
    }),
    film('full range', 'mp4', { ...base, codec: '-c:v libx264 -preset ultrafast -pix_fmt yuvj420p' }),
    film(
      'high dynamic range',
      'mp4',
      {
        ...base,
        codec: `-c:v libx265 -preset ultrafast -x265-params ${HDR} -pix_fmt yuv420p10le`,
      },
      { isToneMapped: true },
    ),
    ...['tff', 'bff'].map((order) =>
      film(`interlaced ${order}`, 'ts', {
        size: '720x576',
        rate: 25,
        filter: `setfield=${order}`,
        codec: '-c:v mpeg2video -q:v 4 -flags +ildct+ilme',
        sound: SOUND.mp2 ?? '',
      }),
    ),
    film('interlaced', 'mp4', {
      size: '720x576',
      rate: 25,
      codec: `${h264} -x264-params interlaced=1`,
      sound: aac,
    }),
    film(
      'camcorder',
      'dv',
      {
        size: '720x576',
        rate: 25,
        codec: '-c:v dvvideo -pix_fmt yuv420p',
        sound: '-ar 48000 -ac 2',
      },
      { picture: { width: 768, height: 576, source: 'testsrc=size=720x576:rate=25' } },
    ),
    film('broadcast', 'mxf', {
      size: '720x576',
      rate: 25,
      codec: VIDEO.mpeg2 ?? '',
      sound: '-c:a pcm_s16le -ar 48000',
    }),
    film('bare', 'ivf', { codec: VIDEO.vp8 ?? '' }),
    film('old phone', '3gp', { size: '176x144', codec: VIDEO.h263 ?? '', sound: SOUND.amr ?? '' }),
    film('phone', '3gp', { codec: VIDEO.mpeg4 ?? '', sound: aac }),
    film('recorder in a browser', 'webm', { codec: `${VIDEO.vp8} -live 1`, sound: SOUND.opus ?? '' }),
    film('six channels', 'mp4', { ...base, sound: `${aac} -ac 6` }),
    film('six channels', 'mkv', { ...base, sound: `${SOUND.ac3} -ac 6` }),
    film('six channels', 'ts', { ...base, sound: `${SOUND.ac3} -ac 6` }),
    film(
      'timelapse',
      'mp4',
      { rate: 1, seconds: 6, codec: h264, sound: null, filter: 'setpts=2*PTS', more: '-r 0.5' },
      { seconds: 12 },
    ),
    concatMaker({
      name: 'size changes.webm',
      parts: [
        film('a', 'webm', { codec: VIDEO.vp8 ?? '' }),
        film('b', 'webm', { codec: VIDEO.vp8 ?? '', size: '64x96' }),
      ],
      isBytewise: false,
    }),
    concatMaker({
      name: 'joined.ts',
      parts: [
        film('a', 'ts', { codec: VIDEO.mpeg2 ?? '', rate: 25 }),
        film('b', 'ts', { codec: VIDEO.mpeg2 ?? '', rate: 25 }),
      ],
      isBytewise: false,
    }),
  ]
}

function songs(): Recipe[] {
  const wav = words(
    'pcm_u8 pcm_s16le pcm_s24le pcm_s32le pcm_f32le pcm_f64le pcm_mulaw pcm_alaw adpcm_ms adpcm_ima_wav',
  )
  const rates = [8000, 16000, 22050, 44100, 48000]
  const channels = [1, 2, 3, 4, 5, 6, 8]
  // Opus expects other layouts for three and four channels than ffmpeg chooses (RFC 7845 §5.1.1.2).
  const opusLayout: Record<number, string> = {
    3: '-af aformat=channel_layouts=3.0',
    4: '-af aformat=channel_layouts=quad',
  }
  return [
    ...wav.map((codec) => song(codec, 'wav', `-c:a ${codec}`)),
    ...rates.flatMap((rate) => [
      song(`rate ${rate}`, 'mp3', `-c:a libmp3lame -ar ${rate}`),
      song(`rate ${rate}`, 'm4a', `-c:a aac -ar ${rate}`),
      song(`rate ${rate}`, 'aac', `-c:a aac -ar ${rate}`),
      song(`rate ${rate}`, 'flac', `-c:a flac -ar ${rate}`),
      song(`rate ${rate}`, 'ogg', `-c:a libvorbis -ar ${rate}`),
    ]),
    ...channels.flatMap((count) => [
      song(`channels ${count}`, 'wav', `-ac ${count}`),
      song(`channels ${count}`, 'flac', `-ac ${count}`),
      song(`channels ${count}`, 'm4a', `-c:a aac -ac ${count}`),
      song(`channels ${count}`, 'opus', `-c:a libopus ${opusLayout[count] ?? `-ac ${count}`}`),
    ]),
    song('no Xing header', 'mp3', '-c:a libmp3lame -q:a 6 -write_xing 0'),
    song('constant rate', 'mp3', '-c:a libmp3lame -b:a 64k -write_xing 0'),
    song('24 bits', 'flac', '-c:a flac -sample_fmt s32'),
    song('alac', 'm4a', '-c:a alac'),
    song('opus', 'ogg', '-c:a libopus'),
    song('speex', 'ogg', '-c:a libspeex -ar 16000 -ac 1'),
    song('flac', 'ogg', '-c:a flac'),
    song('voice memo', 'amr', SOUND.amr ?? ''),
    song('voice memo', '3gp', SOUND.amr ?? ''),
    song('alac', 'caf', '-c:a alac'),
    song('pcm', 'caf', '-c:a pcm_s16be'),
    song('pcm', 'aiff', '-c:a pcm_s16be'),
    song('pcm', 'au', '-c:a pcm_s16be'),
    song('pcm', 'w64', '-c:a pcm_s16le'),
    song('bare', 'ac3', '-c:a ac3'),
    song('bare', 'eac3', '-c:a eac3'),
    song('bare', 'dts', SOUND.dts ?? ''),
    song('wavpack', 'wv', '-c:a wavpack'),
    song('true audio', 'tta', '-c:a tta'),
    song('wma', 'wma', '-c:a wmav2 -f asf'),
    song('wma1', 'wma', '-c:a wmav1 -f asf'),
    song('sound', 'mka', '-c:a libopus'),
    song('sound', 'weba', '-c:a libopus -f webm'),
    song('sound', 'mp4', '-c:a aac'),
    song('sound', 'ts', '-c:a aac -f mpegts'),
    song('sound', 'mpg', '-c:a mp2 -f vob'),
    song('sound', 'flv', '-c:a aac'),
    song('quick', 'wav', '', { seconds: 0.1 }),
    song('quick', 'mp3', '-c:a libmp3lame', { seconds: 0.3 }),
    song('quick', 'm4a', '-c:a aac', { seconds: 0.3 }),
    song('fragmented', 'm4a', '-c:a aac -f mp4 -movflags +frag_keyframe+empty_moov'),
    {
      ...song('channels 10', 'wav', ''),
      args: words('-f lavfi -i aevalsrc=exprs=sin(2000*t)|0|0|0|0|0|0|0|0|0:d=2 -c:a pcm_s16le'),
    },
    song('edit list', 'm4a', '-c:a aac', { seconds: 4, hidden: 2, args: [...tone(6), ...words('-c:a aac')] }),
    concatMaker({
      name: 'joined.mp3',
      parts: [song('a', 'mp3', '-c:a libmp3lame'), song('b', 'mp3', '-c:a libmp3lame')],
      isBytewise: true,
    }),
    concatMaker({
      name: 'joined.aac',
      parts: [song('a', 'aac', '-c:a aac'), song('b', 'aac', '-c:a aac')],
      isBytewise: true,
    }),
  ]
}

function songsWithCover(): Recipe[] {
  const cover = words(
    '-f lavfi -i testsrc=size=64x64:rate=1:duration=1 -map 0:a -map 1:v -frames:v 1 -disposition:v attached_pic',
  )
  return ['mp3', 'm4a', 'flac'].map((extension) => {
    const codec =
      { mp3: '-c:a libmp3lame -id3v2_version 3', m4a: '-c:a aac -f mp4', flac: '-c:a flac' }[extension] ?? ''
    const args = [...tone(SECONDS), ...cover, '-c:v', extension === 'm4a' ? 'mjpeg' : 'png', ...words(codec)]
    return { ...song('cover', extension, ''), args }
  })
}

/** More than 300 small media files of every kind that ffmpeg can write, each with its expected result. */
export function catalogue(): Recipe[] {
  return [
    ...combinations(),
    ...peculiarFilms(),
    ...orientedFilms(),
    ...otherFilms(),
    ...songs(),
    ...songsWithCover(),
  ]
}

/** The names of the recipes that every test run covers, as a sample of the whole catalogue. */
export const SAMPLE = [
  'no Xing header.mp3',
  'joined.aac',
  'edit list.mp4',
  'short film, long sound h264.mp4',
  'begins at ten seconds vp8.webm',
  'size changes.webm',
  'matrix transpose=cclock_flip.mov',
  'h264+ac3.ts',
  'flv1+mp3.flv',
  'two sounds h264.mp4',
]
