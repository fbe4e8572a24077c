import type { MediaAddresses, PlayerMedia } from './player-media.ts'

/** A way to play a media file: an HLS stream, by the browser itself or with hls.js, or a whole file. */
export type Source = { kind: 'NATIVE_STREAM' | 'HLS_JS' | 'FILE'; url: string }

/** What the browser can play. */
export type Abilities = { playsHls: boolean; hasMediaSource: boolean }

/** The ways to play a media file, best first. The next one is tried if one fails. */
export function sourcesOf(addresses: MediaAddresses, abilities: Abilities): Source[] {
  const { streamUrl, progressiveUrl, url } = addresses
  const sources: Source[] = []
  if (streamUrl && abilities.playsHls) sources.push({ kind: 'NATIVE_STREAM', url: streamUrl })
  else if (streamUrl && abilities.hasMediaSource) sources.push({ kind: 'HLS_JS', url: streamUrl })
  const file = progressiveUrl || url
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
export function isBeingMade({ state, byteSize }: PlayerMedia, addresses: MediaAddresses): boolean {
  const { streamUrl, progressiveUrl } = addresses
  if (streamUrl || progressiveUrl || progressiveUrl === undefined) return false
  // The owner can play the original meanwhile, whose size is known.
  return state !== 'FAILED' && (byteSize ?? null) === null
}
