/** A stored audio, video or image file. */
export type Medium = {
  id: string
  ownerId: string
  /** The upload that brought it. */
  uploadId: string
  kind: 'AUDIO' | 'VIDEO' | 'IMAGE'
  state: 'PROCESSING' | 'READY' | 'FAILED'
  /** What its owner calls it; empty where they gave it no title. */
  title: string
  /** The name of the uploaded file, for its owner alone; null where it is not known. */
  fileName: string | null
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
  /** How much of its renditions is made; null where that is not known or not going on. */
  processingPercent: number | null
  /** Why nothing could be made of it: a code of the schema's and a sentence; null unless it is `FAILED`. */
  failureCode: string | null
  failureMessage: string | null
  createdAt: Date
  /** Who is shown it, where that is somebody else than the viewer: the holder of an upload's key is its owner. */
  shownTo?: string
}
