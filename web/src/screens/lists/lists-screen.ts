import { html } from 'lit'
import { MoblogElement } from '../../element.ts'
import './all-lists.ts'
import './one-list.ts'

/** The viewer's audience lists, or one of them. */
class MoblogListsScreen extends MoblogElement {
  static override properties = { listId: { attribute: false } }
  declare listId: string | null

  constructor() {
    super()
    this.listId = null
  }

  protected override render() {
    return this.listId === null
      ? html`<moblog-all-lists></moblog-all-lists>`
      : html`<moblog-one-list .listId=${this.listId}></moblog-one-list>`
  }
}

customElements.define('moblog-lists-screen', MoblogListsScreen)
