import type { EmbeddedRecorder } from './embedded-recorder.ts'
import { type RecorderUploads, readUploads } from './recorder-uploads.ts'

/**
 * Records audio or video on other pages, and uploads it (docs/clients.md, The recorder). It is the small part that each
 * page loads; what records is loaded when the element is put into the page.
 */
export class MoblogRecorderElement extends HTMLElement {
  static observedAttributes = ['kind', 'limit', 'countdown', 'owner']
  #uploads: RecorderUploads | null = null
  #embedded: Promise<EmbeddedRecorder> | null = null

  /** How recordings are uploaded; null if the page takes them itself. */
  get uploads(): RecorderUploads | null {
    return this.#uploads
  }

  set uploads(uploads: RecorderUploads | null) {
    this.#uploads = readUploads(uploads)
    this.#update()
  }

  connectedCallback(): void {
    // The page may have set it before this script was there.
    if (Object.hasOwn(this, 'uploads')) {
      const { uploads } = this
      Reflect.deleteProperty(this, 'uploads')
      this.uploads = uploads
    }
    this.#load().catch((error) =>
      this.dispatchEvent(new ErrorEvent('error', { error, message: String(error) })),
    )
  }

  attributeChangedCallback(): void {
    this.#update()
  }

  /** Uploads a recording again after a failure. Resolves to false if there is no such recording. */
  async retryUpload(recordingId: string): Promise<boolean> {
    return (await this.#load()).retryUpload(recordingId)
  }

  /** Forgets a recording, and cancels its upload or deletes its media. */
  async discard(recordingId: string): Promise<void> {
    await (await this.#load()).discard(recordingId)
  }

  /** Forgets all recordings of the owner on this device, for example because the user has signed out. */
  async forgetRecordings(): Promise<void> {
    await (await this.#load()).forgetRecordings()
  }

  #load(): Promise<EmbeddedRecorder> {
    this.#embedded ??= import('./embedded-recorder.ts').then(
      ({ embedRecorder }) => embedRecorder(this),
      (error) => {
        // The next use tries it again.
        this.#embedded = null
        throw error
      },
    )
    return this.#embedded
  }

  #update(): void {
    void this.#embedded?.then(({ update }) => update()).catch(() => {})
  }
}

customElements.define('moblog-recorder', MoblogRecorderElement)
