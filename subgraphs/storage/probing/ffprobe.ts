import { mkdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import { newId } from '../../../platform/ids.ts'
import { inSpan } from '../../../platform/observability/tracing.ts'
import { ALLOWED_DECODERS } from '../sandbox/allowed-decoders.ts'
import { type Ended, runLimited } from '../sandbox/limited-process.ts'
import type { Sandbox } from '../sandbox/sandbox.ts'

/** How to run ffprobe. */
export type Prober = {
  command: string
  sandbox: Sandbox
  workFolder: string
  timeoutMs: number
  /** The limit of processor time; by default the time limit, and at least 15 s. */
  cpuSeconds?: number
  /** The user whose file is examined. */
  owner?: string | undefined
  /** Ends ffprobe early. */
  signal?: AbortSignal | undefined
}

const number = z.coerce.number().catch(0)

const report = z.object({
  format: z
    .object({
      format_name: z.string().default(''),
      duration: number.optional(),
      bit_rate: number.optional(),
      start_time: number.optional(),
      tags: z.object({ major_brand: z.string().optional() }).catchall(z.string()).optional(),
    })
    .optional(),
  streams: z
    .array(
      z.object({
        codec_type: z.string().optional(),
        codec_name: z.string().optional(),
        profile: z.string().optional(),
        level: z.number().optional(),
        pix_fmt: z.string().optional(),
        width: z.number().optional(),
        height: z.number().optional(),
        sample_aspect_ratio: z.string().optional(),
        color_space: z.string().optional(),
        color_transfer: z.string().optional(),
        field_order: z.string().optional(),
        r_frame_rate: z.string().optional(),
        avg_frame_rate: z.string().optional(),
        channels: z.number().optional(),
        disposition: z
          .object({ attached_pic: z.number().optional(), default: z.number().optional() })
          .optional(),
        tags: z.object({ rotate: z.string().optional() }).catchall(z.string()).optional(),
        side_data_list: z
          .array(z.object({ rotation: z.number().optional(), displaymatrix: z.string().optional() }))
          .optional(),
        index: z.number().default(0),
      }),
    )
    .default([]),
  frames: z
    .array(
      z.object({
        width: z.number().optional(),
        height: z.number().optional(),
        tags: z.object({ Orientation: z.string().optional() }).optional(),
      }),
    )
    .default([]),
})

/** ffprobe's report about a file. */
export type Report = z.infer<typeof report>

/** One stream of a file. */
export type Stream = Report['streams'][number]

const LIMITS = { cpuSeconds: 15, memoryBytes: 1792 * 1024 ** 2, writtenBytes: 1024 ** 2 }

const ENTRIES = [
  'format=format_name,duration,bit_rate,start_time',
  'format_tags',
  'stream=index,codec_type,codec_name,profile,level,pix_fmt,width,height,sample_aspect_ratio,color_space,color_transfer,field_order,r_frame_rate,avg_frame_rate,channels',
  'stream_disposition=attached_pic,default',
  'stream_tags',
  'stream_side_data=rotation,displaymatrix',
]

/** What ffprobe may open: the demuxers and the largest picture. */
export type Openable = {
  formats: string
  maxPixels: number
  /** A demuxer that ffprobe must use instead of guessing one. */
  demuxer?: string
}

/**
 * Asks ffprobe what a file is. The protocol whitelist is not enough: an HLS playlist named .mp4 makes ffprobe open
 * other local files. Only the format whitelist prevents that.
 *
 * @returns null if ffprobe does not recognise the file, or not within the limits
 * @throws Error if ffprobe is killed, or the reason of the prober's signal
 */
export async function askFfprobe(
  prober: Prober,
  file: string,
  openable: Openable,
  decodeFirstFrame: boolean,
): Promise<Report | null> {
  const entries = decodeFirstFrame ? [...ENTRIES, 'frame=width,height', 'frame_tags=Orientation'] : ENTRIES
  const ended = await runFfprobe(prober, file, openable, [
    ...(decodeFirstFrame ? ['-read_intervals', '%+#1'] : []),
    ...['-of', 'json', '-show_entries', entries.join(':')],
  ])
  requireOwnEnd(ended)
  if (ended.code !== 0) return null
  const parsed = report.safeParse(parseJson(ended.stdout))
  return parsed.success ? parsed.data : null
}

// A killed ffprobe says nothing about the file, so this throws and the upload is verified again.
export function requireOwnEnd({ cause }: Ended): void {
  if (cause === 'KILLED') throw new Error('ffprobe was killed from outside; probing must be repeated')
}

/**
 * Runs ffprobe on an untrusted file, in a new work folder that is deleted afterwards.
 *
 * @throws the reason of the prober's signal
 */
export async function runFfprobe(
  { command, sandbox, workFolder, timeoutMs, cpuSeconds, owner, signal }: Prober,
  file: string,
  { formats, maxPixels, demuxer }: Openable,
  args: string[],
  onOutput?: (chunk: string) => void,
): Promise<Ended> {
  const cwd = path.join(workFolder, newId())
  await mkdir(cwd, { recursive: true, mode: 0o700 })
  try {
    signal?.throwIfAborted()
    const ended = await runTraced({
      sandbox,
      command,
      cwd,
      input: file,
      owner,
      signal,
      limits: {
        ...LIMITS,
        cpuSeconds: cpuSeconds ?? Math.max(LIMITS.cpuSeconds, Math.ceil(timeoutMs / 1000)),
        wallClockMs: timeoutMs,
      },
      args: [
        ...['-v', 'error', '-hide_banner', '-protocol_whitelist', 'file', '-format_whitelist', formats],
        ...['-codec_whitelist', ALLOWED_DECODERS, '-max_pixels', `${maxPixels}`],
        ...(demuxer ? ['-f', demuxer] : []),
        ...args,
        ...['-i', `file:${file}`],
      ],
      ...(onOutput && { onOutput }),
    })
    signal?.throwIfAborted()
    return ended
  } finally {
    await rm(cwd, { recursive: true, force: true })
  }
}

const runTraced: typeof runLimited = (run) => inSpan('ffprobe', 'internal', {}, () => runLimited(run))

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
