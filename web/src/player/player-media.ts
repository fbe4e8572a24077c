/** The addresses of a media file and when they expire: what `Media.access` returns. */
export type MediaAddresses = {
  url: string
  progressiveUrl?: string | null
  streamUrl?: string | null
  posterUrl?: string | null
  expiresAt?: string | null
  captions?: readonly Caption[] | null
}

/** A text track in WebVTT. */
export type Caption = { language: string; label: string; url: string }

/** What a player shows. A `Media` of the API with its `access` fits, also one that the viewer may not play. */
export type PlayerMedia = {
  id: string
  kind: 'AUDIO' | 'VIDEO' | 'IMAGE' | null
  /** The processing state. While it is not `FAILED`, missing variants are still being made. */
  state?: string | null
  /** The size of the file at `access.url`; null while that file is being made. */
  byteSize?: number | null
  title?: string | null
  altText?: string | null
  durationSeconds?: number | null
  width?: number | null
  height?: number | null
  /** A ThumbHash in Base64. */
  placeholder?: string | null
  /** A colour such as `#336699`, shown until the placeholder or the poster is there. */
  dominantColor?: string | null
  /** Peaks of the sound, 0 to 255, at equal distances. */
  waveform?: readonly number[] | null
  access: MediaAddresses | null
}

/** Reads from an element's attributes, and from a plain player inside of it, what there is to play. */
export function mediaFromMarkup(element: Element): PlayerMedia | null {
  const plain = element.querySelector<HTMLMediaElement>('video, audio')
  const file = element.getAttribute('src') ?? plain?.querySelector('source')?.src ?? plain?.src ?? ''
  const stream = element.getAttribute('stream')
  if (file === '' && stream === null) return null
  const inner = plain instanceof HTMLVideoElement ? plain : null
  const kind = element.getAttribute('kind') ?? (plain?.localName === 'audio' ? 'audio' : 'video')
  return {
    id: element.getAttribute('media-id') ?? '',
    kind: kind === 'audio' ? 'AUDIO' : 'VIDEO',
    title: element.getAttribute('label') ?? plain?.getAttribute('aria-label') ?? null,
    durationSeconds: numberOf(element.getAttribute('duration')),
    width: numberOf(element.getAttribute('width')) ?? inner?.width ?? null,
    height: numberOf(element.getAttribute('height')) ?? inner?.height ?? null,
    placeholder: element.getAttribute('placeholder'),
    access: {
      url: file,
      streamUrl: stream,
      posterUrl: element.getAttribute('poster') ?? inner?.poster ?? null,
      expiresAt: element.getAttribute('expires-at'),
    },
  }
}

function numberOf(text: string | null): number | null {
  const number = Number(text ?? '')
  return number > 0 ? number : null
}

/** Returns new addresses of a media file, or null if the viewer may no longer play it. */
export type Renew = (mediaId: string) => Promise<MediaAddresses | null>
