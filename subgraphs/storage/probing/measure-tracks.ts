import { type Openable, type Prober, requireOwnEnd, runFfprobe } from './ffprobe.ts'

/** When a track plays, in seconds on its file's clock. */
export type TrackTimes = {
  index: number
  start: number
  end: number
  /** The total duration of packets that are decoded but not shown, such as those that an edit list cuts off. */
  hiddenSeconds: number
}

// In these formats timestamps may restart anywhere, because recorders and broadcasters join recordings unchanged. Like
// ffmpeg, treat a jump of more than 10 s as such a join.
const MAY_RESTART = ['mpegts', 'mpeg']
const SEAM_SECONDS = 10

/**
 * Measures when each track of a file plays from all of its packets, because headers and bit rates are often wrong. It
 * reads the whole file and decodes nothing. Tracks without packets are left out.
 *
 * @throws Error if reading takes longer than the time limit, or if ffprobe is killed
 */
export async function measureTracks(
  prober: Prober,
  file: string,
  openable: Openable,
  format: string,
): Promise<TrackTimes[]> {
  const tracks = new Map<number, ReturnType<typeof measureTrack>>()
  const mayRestart = MAY_RESTART.includes(format)
  let rest = ''
  const ended = await runFfprobe(
    prober,
    file,
    openable,
    ['-of', 'csv=p=0', '-show_entries', 'packet=stream_index,pts_time,dts_time,duration_time,flags'],
    (chunk) => {
      const lines = (rest + chunk).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) {
        const [index, presented, decoded, duration, flags = ''] = line.split(',')
        if (!index || !flags) continue
        const track = tracks.get(Number(index)) ?? measureTrack(mayRestart)
        tracks.set(Number(index), track)
        track.add({
          presented: Number.parseFloat(presented ?? ''),
          decoded: Number.parseFloat(decoded ?? ''),
          duration: Number.parseFloat(duration ?? '') || 0,
          isHidden: flags.includes('D'),
        })
      }
    },
  )
  requireOwnEnd(ended)
  if (ended.cause === 'OUT_OF_TIME')
    throw new Error(
      `ffprobe reached its time limit after ${ended.usedCpuSeconds.toFixed(1)} s of processor time`,
    )
  return [...tracks].flatMap(([index, track]) => {
    const times = track.times()
    return times ? [{ index, ...times }] : []
  })
}

type Packet = { presented: number; decoded: number; duration: number; isHidden: boolean }

function measureTrack(mayRestart: boolean) {
  let start = Number.POSITIVE_INFINITY
  let end = Number.NEGATIVE_INFINITY
  let lastStart = 0
  let count = 0
  let hasDurations = true
  let hiddenSeconds = 0
  let expected = Number.NaN
  let shift = 0
  return {
    add({ presented, decoded, duration, isHidden }: Packet) {
      const clock = Number.isNaN(decoded) ? presented : decoded
      if (mayRestart && Math.abs(clock + shift - expected) > SEAM_SECONDS) shift = expected - clock
      if (!Number.isNaN(clock)) expected = clock + shift + duration
      const at = (Number.isNaN(presented) ? decoded : presented) + shift
      if (Number.isNaN(at)) return
      if (isHidden) {
        hiddenSeconds += duration
        return
      }
      count += 1
      start = Math.min(start, at)
      end = Math.max(end, at + duration)
      if (at >= lastStart || count === 1) {
        lastStart = at
        hasDurations = duration > 0
      }
    },
    times() {
      if (count === 0) return null
      // If the last packet has no duration, use the average duration of the others.
      const last = hasDurations || count < 2 ? 0 : (lastStart - start) / (count - 1)
      return { start, end: Math.max(end, lastStart + last), hiddenSeconds }
    },
  }
}
