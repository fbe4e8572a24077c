import { css, html, svg } from 'lit'
import { MoblogElement } from '../element.ts'

const DRAWINGS = {
  // A window with a lamp: nobody is here yet.
  quiet: svg`<rect x="34" y="22" width="92" height="104" rx="46" class="sky"/><circle cx="104" cy="58" r="12" class="sun"/><path d="M22 126h116" class="line"/><path d="M48 126c2-18 14-28 32-28s30 10 32 28Z" class="hill"/>`,
  // Two speech bubbles.
  talk: svg`<path d="M26 46a18 18 0 0 1 18-18h44a18 18 0 0 1 18 18v18a18 18 0 0 1-18 18H58L40 98V82a18 18 0 0 1-14-18Z" class="sky"/><path d="M74 76a16 16 0 0 1 16-16h30a16 16 0 0 1 16 16v14a16 16 0 0 1-12 15v15l-16-14H90a16 16 0 0 1-16-16Z" class="hill"/><path d="M90 80h30M90 92h18" class="line"/>`,
  // A picture in a frame.
  picture: svg`<rect x="28" y="34" width="104" height="84" rx="16" class="sky"/><circle cx="58" cy="62" r="10" class="sun"/><path d="m36 110 28-26 18 16 16-18 26 28" class="line"/>`,
}

/** Says that a list is empty, and what to do about it; the way there goes into the slot. */
export class MoblogEmpty extends MoblogElement {
  static override properties = { heading: {}, text: {}, drawing: {}, small: { type: Boolean, reflect: true } }
  declare heading: string
  declare text: string
  declare drawing: keyof typeof DRAWINGS
  /** For a part of a screen, which leaves room for the rest. */
  declare small: boolean

  static override styles = css`
    :host {
      display: grid;
      justify-items: center;
      gap: var(--space-3);
      padding: var(--space-6) var(--space-5);
      text-align: center;
    }
    svg {
      inline-size: 10rem;
      block-size: auto;
    }
    :host([small]) {
      gap: var(--space-1);
      padding: var(--space-2) var(--space-5) var(--space-4);
    }
    :host([small]) svg {
      inline-size: 4rem;
    }
    .sky {
      fill: var(--color-accent-soft);
    }
    .sun,
    .hill {
      fill: var(--color-accent);
    }
    .hill {
      opacity: 0.28;
    }
    .line {
      fill: none;
      stroke: var(--color-accent-text);
      stroke-width: 4;
      stroke-linecap: round;
      stroke-linejoin: round;
    }
    h2,
    p {
      margin: 0;
      max-inline-size: 22rem;
      text-wrap: balance;
    }
    h2 {
      font: 700 var(--text-xl) / var(--line-tight) var(--font-title);
    }
    p {
      color: var(--color-ink-soft);
    }
    :host([small]) h2 {
      font-size: var(--text-m);
    }
    :host([small]) p {
      font-size: var(--text-s);
    }
  `

  constructor() {
    super()
    this.heading = ''
    this.text = ''
    this.drawing = 'quiet'
    this.small = false
  }

  protected override render() {
    return html`
      <svg viewBox="0 0 160 140" aria-hidden="true">${DRAWINGS[this.drawing]}</svg>
      <h2>${this.heading}</h2>
      <p>${this.text}</p>
      <slot></slot>
    `
  }
}

customElements.define('moblog-empty', MoblogEmpty)

declare global {
  interface HTMLElementTagNameMap {
    'moblog-empty': MoblogEmpty
  }
}
