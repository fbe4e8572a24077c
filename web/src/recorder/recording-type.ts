/** What a recorder records. */
export type RecordingKind = 'audio' | 'video'

// MP4 first: it needs no conversion for phones. Browsers that do not write it write WebM.
const TYPES: Record<RecordingKind, readonly string[]> = {
  video: [
    'video/mp4;codecs=avc1.42E01F,mp4a.40.2',
    'video/mp4',
    'video/webm;codecs=vp9,opus',
    'video/webm;codecs=vp8,opus',
    'video/webm',
  ],
  audio: [
    'audio/mp4;codecs=mp4a.40.2',
    'audio/mp4',
    'audio/webm;codecs=opus',
    'audio/webm',
    'audio/ogg;codecs=opus',
  ],
}

/** The type in which a browser records best; null if it cannot record. */
export function recordingType(kind: RecordingKind, isSupported: (type: string) => boolean): string | null {
  return TYPES[kind].find(isSupported) ?? null
}

/** The name of the file of a recording. */
export function recordingName(kind: RecordingKind, mimeType: string, at: Date): string {
  const time = at.toISOString().slice(0, 19).replaceAll(':', '-')
  const extension = /mp4/.test(mimeType)
    ? kind === 'audio'
      ? 'm4a'
      : 'mp4'
    : /ogg/.test(mimeType)
      ? 'ogg'
      : 'webm'
  return `${kind}-${time}.${extension}`
}
