/** What a form of a medium is for; `SHARED` is the original as everyone but its owner gets it, and not in the schema. */
export type Role = 'PROGRESSIVE' | 'STREAM' | 'POSTER' | 'SHARED'

/** A form of a medium that was made from its original, in the medium's folder. */
export type Rendition = {
  role: Role
  /** The name of its file; of its first one for a stream. May be `original`, where that is already what is wanted. */
  objectName: string
  mimeType: string
  /** All segments included. */
  byteSize: number
  /** In pixels; null for sound. */
  width: number | null
  height: number | null
}

/** An HLS playlist; it grows while the stream is being made. */
export type Playlist = { name: string; text: string; isComplete: boolean }

/** The playlist that lists all others. */
export const MASTER = 'index.m3u8'

/** The name in the medium's folder of one of a stream's files, whose address ends in `stream/<name>`. */
export function streamObject(name: string): string {
  return `stream-${name}`
}
