import type { Caption } from './player-media.ts'

/** The text tracks of a player: which there are, and the one that is shown. */
export type Captions = {
  readonly tracks: readonly Caption[]
  /** The index of the shown track; -1 if none is shown. */
  readonly shown: number
  /** Shows a track, or none with -1. What is shown stays if the track cannot be loaded. */
  show(index: number): Promise<void>
  /** The text at a position; null if none is shown. */
  textAt(seconds: number): string | null
  stop(): void
}

type Cue = { start: number; end: number; text: string }

/**
 * Shows text tracks itself instead of with `<track>`: they then look the same everywhere, also when the element is
 * replaced, and their addresses may be on another origin without the element being loaded in another mode.
 *
 * @param current the same tracks with addresses that have not expired
 */
export function createCaptions(
  tracks: readonly Caption[],
  current: () => readonly Caption[] = () => tracks,
): Captions {
  const stopped = new AbortController()
  const loaded = new Map<Caption, Cue[]>()
  let shown: Caption | null = null
  return {
    tracks,
    get shown() {
      return shown === null ? -1 : tracks.indexOf(shown)
    },
    async show(index) {
      const track = tracks[index] ?? null
      if (track && !loaded.has(track)) {
        const { url } = current().find((each) => isSame(each, track)) ?? track
        const response = await fetch(url, { credentials: 'omit', signal: stopped.signal })
        if (!response.ok) return
        loaded.set(track, parseWebVtt(await response.text()))
      }
      shown = track
    },
    textAt(seconds) {
      const cues = shown ? (loaded.get(shown) ?? []) : []
      const now = cues.filter(({ start, end }) => start <= seconds && seconds < end)
      return now.length === 0 ? null : now.map(({ text }) => text).join('\n')
    },
    stop: () => stopped.abort(),
  }
}

function isSame(one: Caption, other: Caption): boolean {
  return one.language === other.language && one.label === other.label
}

/** Reads the times and the plain texts of a WebVTT file. Styles and positions are left out. */
export function parseWebVtt(file: string): Cue[] {
  const blocks = file.replaceAll('\r', '').split(/\n{2,}/)
  return blocks.flatMap((block) => {
    const lines = block.split('\n')
    const index = lines.findIndex((line) => line.includes('-->'))
    if (index < 0) return []
    const [start = '', end = ''] = (lines[index] ?? '').split('-->')
    const text = lines
      .slice(index + 1)
      .join('\n')
      .replaceAll(/<[^>]*>/g, '')
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&nbsp;', '\u00a0')
      .replaceAll('&amp;', '&')
      .trim()
    return text === '' ? [] : [{ start: seconds(start), end: seconds(end.trim().split(/\s/)[0] ?? ''), text }]
  })
}

function seconds(time: string): number {
  return time
    .trim()
    .split(':')
    .reduce((sum, part) => sum * 60 + Number(part), 0)
}
