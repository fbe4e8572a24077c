/** A stored audio, video or image file. */
export type Medium = {
  id: string
  ownerId: string
  /** The upload that brought it. */
  uploadId: string
  kind: 'AUDIO' | 'VIDEO' | 'IMAGE'
  state: 'PROCESSING' | 'READY' | 'FAILED'
  title: string
  /** As probing found it. */
  mimeType: string
  byteSize: number
  sha256: string
  durationSeconds: number | null
  /** As it is shown, in pixels; null for audio. */
  width: number | null
  height: number | null
  /** The original is itself a file that every phone shows. */
  isProgressive: boolean
  createdAt: Date
}
