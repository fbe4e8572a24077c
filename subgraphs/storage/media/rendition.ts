/** The role of a rendition. `SHARED` is the shared copy, which other users get as the original; the schema omits it. */
export type Role = 'PROGRESSIVE' | 'STREAM' | 'POSTER' | 'SHARED'

/** A variant that was made from the original. Its files are in the media's folder. */
export type Rendition = {
  role: Role
  /** The name of its file, or of the first file of a stream. It is `original` if the original can be used unchanged. */
  objectName: string
  mimeType: string
  /** The size in bytes, including all segments. */
  byteSize: number
  /** The size in pixels; null for audio. */
  width: number | null
  height: number | null
}

/** A still JPEG of an image in a size between those of the poster and the original. */
export type DisplayImage = { objectName: string; byteSize: number; width: number; height: number }

/** An HLS playlist. It grows while the stream is being made. */
export type Playlist = { name: string; text: string; isComplete: boolean }

/** The name of the playlist that lists all others. */
export const MASTER = 'index.m3u8'

/** Returns the name in the media's folder of a stream file, whose URL ends in `stream/<name>`. */
export function streamObject(name: string): string {
  return `stream-${name}`
}
