import { css, html, nothing, type TemplateResult } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import { withoutItem } from '../../composer/draft.ts'
import { keptDrafts, saveDraft } from '../../composer/draft-store.ts'
import { uploadStatus } from '../../composer/upload-status.ts'
import { controls } from '../../design/controls.ts'
import { alongRow, oneLine } from '../../design/cut-text.ts'
import { icons } from '../../design/icons.ts'
import { moreIcons } from '../../design/more-icons.ts'
import { screen } from '../../design/screen.ts'
import { MoblogElement } from '../../element.ts'
import { appUploads, discardUpload } from '../../uploads/app-uploads.ts'
import type { Upload } from '../../uploads/uploads.ts'
import { words } from './messages.ts'
import { partStyle } from './part-style.ts'
import { settingsStyle } from './settings-style.ts'

/** The uploads of this device that are not finished, and for which room is reserved, each with a button that discards it. */
class MoblogUnfinishedUploads extends MoblogElement {
  static override styles = [
    controls,
    screen,
    settingsStyle,
    partStyle,
    css`
      :host([hidden]) {
        display: none;
      }
      .name {
        display: block;
        ${alongRow}
        ${oneLine}
      }
    `,
  ]

  override connectedCallback(): void {
    super.connectedCallback()
    appUploads().addEventListener('change', this.#update)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    appUploads().removeEventListener('change', this.#update)
  }

  readonly #update = () => this.requestUpdate()

  protected override render() {
    const uploads = appUploads().list.filter(({ state }) => state !== 'STORED')
    this.hidden = uploads.length === 0
    if (this.hidden) return nothing
    const { unfinished, unfinishedText } = words()
    return html`<h2 class="heading">${unfinished}</h2>
      <div class="section">
        ${repeat(
          uploads,
          ({ id }) => id,
          (upload) => uploadRow(upload),
        )}
      </div>
      <p class="soft">${unfinishedText}</p>`
  }
}

function uploadRow(upload: Upload): TemplateResult {
  const { mimeType, name } = upload
  const [kind] = mimeType.split('/')
  return html`<div class="row">
    ${(kind === 'image' ? icons.image : moreIcons[kind === 'audio' ? 'microphone' : 'film'])()}
    <span>
      <span class="name" dir="auto">${name}</span>
      <small>${uploadStatus(upload)}</small>
    </span>
    <button type="button" class="icon-button" aria-label=${words().discardUpload(name)} @click=${() => discard(upload)}>
      ${moreIcons.trash()}
    </button>
  </div>`
}

/** Ends an upload, and forgets the recording and the place in the draft that it was for. */
function discard({ id }: Upload): void {
  for (const draft of keptDrafts()) {
    const index = draft.items.findIndex(({ uploadId }) => uploadId === id)
    if (index >= 0) saveDraft(withoutItem(draft, index))
  }
  discardUpload(id)
}

customElements.define('moblog-unfinished-uploads', MoblogUnfinishedUploads)
