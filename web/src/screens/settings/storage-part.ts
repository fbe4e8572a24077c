import { html, nothing } from 'lit'
import { OwnProfileDocument } from '../../../../generated/graphql/web.ts'
import { rowPlaceholders } from '../../components/placeholders.ts'
import { Query } from '../../data/query.ts'
import { controls } from '../../design/controls.ts'
import { screen } from '../../design/screen.ts'
import { MoblogElement } from '../../element.ts'
import { byteSize } from '../../i18n/format.ts'
import { words } from './messages.ts'
import { partStyle } from './part-style.ts'
import { settingsStyle } from './settings-style.ts'
import './stored-media.ts'
import './unfinished-uploads.ts'

/** How much of their storage the user has used, and by which files. */
class MoblogStoragePart extends MoblogElement {
  readonly #profile = new Query(this, OwnProfileDocument, () => ({}))

  static override styles = [controls, screen, settingsStyle, partStyle]

  protected override render() {
    const viewer = this.#profile.data?.viewer
    const usage = viewer?.storageUsage
    if (!usage) return rowPlaceholders(1)
    const { usedBytes, reservedBytes, quotaBytes } = usage
    const { free, reserved, storage, storedMedia, used, usedBy } = words()
    return html`<section class="section usage">
      <strong>${used(byteSize(usedBytes), byteSize(quotaBytes))}</strong>
      <progress aria-label=${storage} max=${quotaBytes} .value=${usedBytes + reservedBytes}></progress>
      <p class="soft">
        ${free(byteSize(Math.max(0, quotaBytes - usedBytes - reservedBytes)))}${reservedBytes > 0 ? html` · ${reserved(byteSize(reservedBytes))}` : nothing}
      </p>
      <p class="soft">${usedBy}</p>
    </section>
      <moblog-unfinished-uploads></moblog-unfinished-uploads>
      <h2 class="heading">${storedMedia}</h2>
      <moblog-stored-media .avatarId=${viewer.avatar?.id ?? null} .usedBytes=${usedBytes}></moblog-stored-media>`
  }
}

customElements.define('moblog-storage-part', MoblogStoragePart)
