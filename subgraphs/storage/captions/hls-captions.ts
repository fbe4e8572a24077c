import type { StoredCaptions } from './captions-store.ts'

const GROUP = 'captions'

/** The name of the captions in a language, without the extension, among the files of a stream. */
function captionsFile(language: string): string {
  return `captions-${language}`
}

/**
 * Adds captions to the playlist that lists all sizes, as a group of renditions (RFC 8216 §4.3.4.1). Without captions it
 * stays as it is.
 */
export function withCaptions(
  playlist: string,
  captions: readonly Pick<StoredCaptions, 'language' | 'label'>[],
): string {
  if (captions.length === 0) return playlist
  const names = uniqueNames(captions)
  const group = captions.map(({ language }, index) =>
    [
      `#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="${GROUP}",NAME="${names[index]}",LANGUAGE="${language}"`,
      `DEFAULT=NO,AUTOSELECT=YES,FORCED=NO,URI="${captionsFile(language)}.m3u8"`,
    ].join(','),
  )
  const lines = playlist.split('\n').map((line) => {
    return line.startsWith('#EXT-X-STREAM-INF:') ? `${line},SUBTITLES="${GROUP}"` : line
  })
  const at = lines.findIndex((line) => line.startsWith('#EXT-X-STREAM-INF:'))
  return lines.toSpliced(at < 0 ? lines.length : at, 0, ...group).join('\n')
}

/** Writes the playlist of captions: a single WebVTT file for the whole recording. */
export function captionsPlaylist(language: string, durationSeconds: number): string {
  const lines = [
    '#EXTM3U',
    '#EXT-X-VERSION:7',
    `#EXT-X-TARGETDURATION:${Math.max(1, Math.ceil(durationSeconds))}`,
    '#EXT-X-MEDIA-SEQUENCE:0',
    '#EXT-X-PLAYLIST-TYPE:VOD',
    `#EXTINF:${Math.max(0.001, durationSeconds).toFixed(6)},`,
    `${captionsFile(language)}.vtt`,
    '#EXT-X-ENDLIST',
    '',
  ]
  return lines.join('\n')
}

// The names in a group must differ, and no attribute may contain a quotation mark (RFC 8216 §4.2, §4.3.4.1.1).
function uniqueNames(captions: readonly Pick<StoredCaptions, 'language' | 'label'>[]): string[] {
  const taken = new Set<string>()
  return captions.map(({ language, label }) => {
    const plain = label.replaceAll('"', '”')
    let name = plain
    for (let count = 1; taken.has(name); count++)
      name = `${plain} (${language}${count > 1 ? ` ${count}` : ''})`
    taken.add(name)
    return name
  })
}
