import { css, html, nothing, type TemplateResult } from 'lit'
import { DiscoverMoblogsDocument } from '../../../../generated/graphql/web.ts'
import { problemNotice } from '../../components/list-state.ts'
import type { ListedMoblog } from '../../components/moblog-card.ts'
import '../../components/moblog-card.ts'
import { rowPlaceholders } from '../../components/placeholders.ts'
import { Query } from '../../data/query.ts'
import { controls } from '../../design/controls.ts'
import { screen } from '../../design/screen.ts'
import { MoblogElement } from '../../element.ts'
import { words } from './messages.ts'

/** Hot and new moblogs, each once. */
class MoblogSuggestions extends MoblogElement {
  readonly #moblogs = new Query(this, DiscoverMoblogsDocument, () => ({}))

  static override styles = [
    controls,
    screen,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--space-3);
        min-block-size: 0;
        padding: 0;
      }
    `,
  ]

  protected override render() {
    const { data, problem } = this.#moblogs
    if (!data) return problem ? problemNotice(problem, () => this.#moblogs.refresh()) : rowPlaceholders(4)
    const hot = data.hotMoblogs.edges.map(({ node }) => node)
    const newest = data.newestMoblogs.edges
      .map(({ node }) => node)
      .filter(({ id }) => !hot.some((each) => each.id === id))
    return html`${this.#list(words().hot, hot)} ${this.#list(words().newest, newest)}`
  }

  #list(heading: string, moblogs: readonly ListedMoblog[]): TemplateResult | typeof nothing {
    if (moblogs.length === 0) return nothing
    return html`<h2 class="heading">${heading}</h2>
      ${moblogs.map((moblog) => html`<moblog-card .moblog=${moblog}></moblog-card>`)}`
  }
}

customElements.define('moblog-suggestions', MoblogSuggestions)
