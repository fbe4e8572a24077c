import type { MediaAddresses, PlayerMedia } from './player-media.ts'

/** A way to play a media file: an HLS stream, by the browser itself or with hls.js, or a whole file. */
export type Source = { kind: 'NATIVE_STREAM' | 'HLS_JS' | 'FILE'; url: string }

/** What the browser can play. */
export type Abilities = { playsHls: boolean; hasMediaSource: boolean }

/**
 * The ways to play a media file, best first. The next one is tried if one fails.
 *
 * @param hasOriginal whether there are bytes at `url`, see {@link hasOriginal}
 */
export function sourcesOf(addresses: MediaAddresses, abilities: Abilities, hasOriginal: boolean): Source[] {
  const { streamUrl, progressiveUrl, url } = addresses
  const sources: Source[] = []
  if (streamUrl && abilities.playsHls) sources.push({ kind: 'NATIVE_STREAM', url: streamUrl })
  else if (streamUrl && abilities.hasMediaSource) sources.push({ kind: 'HLS_JS', url: streamUrl })
  const file = progressiveUrl || (hasOriginal ? url : '')
  if (file) sources.push({ kind: 'FILE', url: file })
  return sources
}

/** The address of the file that is saved or downloaded for playing. */
export function fileOf({ progressiveUrl, url }: MediaAddresses): string {
  return progressiveUrl || url
}

/**
 * Whether nothing of a media file can be played yet. The API says null for variants that are not made; pages that have
 * only one address leave them out.
 */
export function isBeingMade(media: PlayerMedia, addresses: MediaAddresses): boolean {
  return !addresses.streamUrl && !addresses.progressiveUrl && !hasOriginal(media, addresses)
}

/** Whether there are bytes at `url`. While variants are being made, the server has only the original, for its owner. */
export function hasOriginal({ state, byteSize }: PlayerMedia, { progressiveUrl }: MediaAddresses): boolean {
  // A size is known only of a file that exists.
  return progressiveUrl === undefined || state === 'FAILED' || (byteSize ?? null) !== null
}
