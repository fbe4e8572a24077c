import type { Caption } from './player-media.ts'

/** The text tracks of a player: which there are, and the one that is shown. */
export type Captions = {
  readonly isShown: boolean
  /** Shows the next track, or none after the last one. Returns the label of the shown track. */
  next(): Promise<string | null>
  /** The text at a position; null if none is shown. */
  textAt(seconds: number): string | null
  stop(): void
}

type Cue = { start: number; end: number; text: string }

/**
 * Shows text tracks itself instead of with `<track>`: they then look the same everywhere, also when the element is
 * replaced, and their addresses may be on another origin without the element being loaded in another mode.
 */
export function createCaptions(tracks: readonly Caption[]): Captions {
  const stopped = new AbortController()
  const loaded = new Map<string, Cue[]>()
  let shown: Caption | null = null
  return {
    get isShown() {
      return shown !== null
    },
    async next() {
      const track = tracks[shown === null ? 0 : tracks.indexOf(shown) + 1] ?? null
      if (track && !loaded.has(track.url)) {
        const response = await fetch(track.url, { credentials: 'omit', signal: stopped.signal })
        if (!response.ok) return null
        loaded.set(track.url, parseWebVtt(await response.text()))
      }
      shown = track
      return track?.label ?? null
    },
    textAt(seconds) {
      const cues = shown ? (loaded.get(shown.url) ?? []) : []
      const now = cues.filter(({ start, end }) => start <= seconds && seconds < end)
      return now.length === 0 ? null : now.map(({ text }) => text).join('\n')
    },
    stop: () => stopped.abort(),
  }
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
