/** A stored audio, video or image file. */
export type Media = {
  id: string
  ownerId: string
  /** The upload that created it. */
  uploadId: string
  kind: 'AUDIO' | 'VIDEO' | 'IMAGE'
  state: 'PROCESSING' | 'READY' | 'FAILED'
  /** The title that its owner gave it; empty if there is none. */
  title: string
  /** The name of the uploaded file, visible to its owner only; null if it is not known. */
  fileName: string | null
  /** What it shows or says, as its owner described it; null if there is no description. */
  altText: string | null
  /** The MIME type that probing found. */
  mimeType: string
  byteSize: number
  sha256: string
  durationSeconds: number | null
  /** The displayed size in pixels; null for audio. */
  width: number | null
  height: number | null
  /** Whether every phone can show the original itself. */
  isProgressive: boolean
  /** The percentage of its renditions that is done; null if it is not known or no work is under way. */
  processingPercent: number | null
  /** Why no rendition could be made: a failure code of the schema and a message; null unless the state is `FAILED`. */
  failureCode: string | null
  failureMessage: string | null
  /** A ThumbHash in Base64; null until the poster exists. */
  placeholder: string | null
  /** `#rrggbb`; null if there is no placeholder. */
  dominantColor: string | null
  /** One byte for each peak; null if it is not measured. */
  waveform: Uint8Array | null
  createdAt: Date
  /** The user to whom it is shown, if that is not the viewer. The holder of an upload key counts as the owner. */
  shownTo?: string
}
