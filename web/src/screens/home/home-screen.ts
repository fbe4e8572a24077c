import { css, html } from 'lit'
import { addressOf, PLACES } from '../../app/routes.ts'
import '../../components/tabs.ts'
import { controls } from '../../design/controls.ts'
import { icons } from '../../design/icons.ts'
import { screen } from '../../design/screen.ts'
import { MoblogElement } from '../../element.ts'
import './feed.ts'
import { words } from './messages.ts'
import './moblog-list.ts'
import type { Order } from './moblog-list.ts'
import './stories.ts'

type View = 'friends' | Order

// Survives going to a post and back.
let lastView: View = 'friends'

// The author of a new post looks for it, and only friends' posts have it.
addEventListener('moblog-composed', () => {
  lastView = 'friends'
})

/** What friends have shared, and which moblogs of all users are hot and new. */
class MoblogHomeScreen extends MoblogElement {
  static override properties = { view: { state: true } }
  declare view: View

  static override styles = [
    controls,
    screen,
    css`
      moblog-tabs {
        margin: 0 var(--space-3) var(--space-1);
      }
      @media (min-width: 900px) {
        moblog-tabs {
          margin-inline: 0;
        }
      }
    `,
  ]

  constructor() {
    super()
    this.view = lastView
  }

  protected override render() {
    const { friends, hot, newest, search, views } = words()
    const labels = { friends, hot, newest }
    const tabs = (['friends', 'hot', 'newest'] as const).map((key) => ({ key, label: labels[key] }))
    return html`
      <header class="top">
        <h1 class="wordmark">Moblog</h1>
        <a class="icon-button" href=${addressOf({ name: 'discover' }) + PLACES.search} aria-label=${search}>${icons.search()}</a>
        <a class="icon-button" href=${addressOf({ name: 'friends' })} aria-label=${friends}>${icons.people()}</a>
      </header>
      <moblog-stories></moblog-stories>
      <moblog-tabs .label=${views} .tabs=${tabs} .chosen=${this.view} @moblog-tab=${this.#choose}></moblog-tabs>
      <moblog-waiting-posts hidden></moblog-waiting-posts>
      <div role="tabpanel" aria-label=${labels[this.view]}>
        ${this.view === 'friends' ? html`<moblog-home-feed></moblog-home-feed>` : html`<moblog-moblog-list .order=${this.view}></moblog-moblog-list>`}
      </div>
    `
  }

  readonly #choose = (event: CustomEvent<View>) => {
    this.view = event.detail
    lastView = this.view
  }
}

customElements.define('moblog-home-screen', MoblogHomeScreen)
