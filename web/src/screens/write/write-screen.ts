import { html } from 'lit'
import { goBack, leaveScreen } from '../../app/go-back.ts'
import { addressOf } from '../../app/routes.ts'
import '../../composer/moblog-composer.ts'
import { controls } from '../../design/controls.ts'
import { icons } from '../../design/icons.ts'
import { screen } from '../../design/screen.ts'
import { MoblogElement } from '../../element.ts'
import './edit-form.ts'
import { words } from './messages.ts'

/** Writes a new post, or changes one. */
class MoblogWriteScreen extends MoblogElement {
  static override properties = { postId: { attribute: false } }
  declare postId: string | null

  static override styles = [controls, screen]

  constructor() {
    super()
    this.postId = null
  }

  protected override render() {
    const { back, edit, write } = words()
    const content =
      this.postId === null
        ? html`<moblog-composer @moblog-composed=${this.#published} @moblog-cancelled=${this.#cancel}></moblog-composer>`
        : html`<moblog-edit-form .postId=${this.postId}></moblog-edit-form>`
    return html`
      <header class="top">
        <a class="icon-button back" href=${addressOf({ name: 'home' })} aria-label=${back} @click=${goBack}>${icons.back()}</a>
        <h1>${this.postId === null ? write : edit}</h1>
      </header>
      <div class="page">${content}</div>
    `
  }

  // A post that waits for its uploads says so at the top of the home screen, for as long as it waits.
  readonly #published = () => {
    location.hash = addressOf({ name: 'home' })
  }

  readonly #cancel = () => leaveScreen(addressOf({ name: 'home' }))
}

customElements.define('moblog-write-screen', MoblogWriteScreen)
