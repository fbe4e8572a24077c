import { css, html, type TemplateResult } from 'lit'
import { addressOf } from '../app/routes.ts'
import { controls } from '../design/controls.ts'
import { alongRow, nameInRow, oneLine } from '../design/cut-text.ts'
import { MoblogElement } from '../element.ts'
import './avatar.ts'
import type { Pictured } from './avatar.ts'

/** A user in a list, who leads to their moblog; controls go into the slot. */
export class MoblogPersonRow extends MoblogElement {
  static override properties = { person: { attribute: false }, note: {}, online: { type: Boolean } }
  declare person: (Pictured & { handle: string }) | null
  declare note: string | TemplateResult | null
  declare online: boolean

  static override styles = [
    controls,
    css`
      :host {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        justify-content: end;
        column-gap: var(--space-2);
        padding: var(--space-1) var(--space-3) var(--space-1) 0;
      }
      /* On narrow phones, wide controls are below the name instead of cutting it. */
      a {
        display: flex;
        flex: 1 1 min(11rem, 72%);
        align-items: center;
        gap: var(--space-3);
        min-block-size: 64px;
        padding-inline-start: var(--space-3);
        border-radius: var(--radius-l);
      }
      /* The same room below them when they are beside the name, which is higher. */
      .controls {
        display: flex;
        align-items: center;
        gap: var(--space-2);
        padding-block: var(--space-2);
      }
      .text > strong {
        ${nameInRow}
      }
      .note {
        display: block;
        ${alongRow}
        ${oneLine}
        color: var(--color-ink-soft);
        font-size: var(--text-s);
      }
      moblog-avatar {
        --size: 48px;
      }
    `,
  ]

  constructor() {
    super()
    this.person = null
    this.note = null
    this.online = false
  }

  protected override render() {
    const { person } = this
    if (!person) return null
    return html`
      <a href=${addressOf({ name: 'moblog', id: person.id })}>
        <moblog-avatar .person=${person} ?online=${this.online}></moblog-avatar>
        <span class="text">
          <strong dir="auto">${person.displayName}</strong>
          <span class="note" dir="auto">${this.note ?? `@${person.handle}`}</span>
        </span>
      </a>
      <div class="controls"><slot></slot></div>
    `
  }
}

customElements.define('moblog-person-row', MoblogPersonRow)

declare global {
  interface HTMLElementTagNameMap {
    'moblog-person-row': MoblogPersonRow
  }
}
