/** What probing found out about a file. */
export type Description = {
  kind: 'AUDIO' | 'VIDEO' | 'IMAGE'
  mimeType: string
  /** Null for an image, and if even the packets do not show the duration. */
  durationSeconds: number | null
  /** The displayed size in pixels; null for audio. */
  width: number | null
  height: number | null
  /** Whether every phone shows the file unchanged. */
  isProgressive: boolean
}
