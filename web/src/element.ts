import { LitElement } from 'lit'
import { onLanguageChange } from './i18n/language.ts'

/** The base class of all elements of the client: it renders again when the user chooses another language. */
export class MoblogElement extends LitElement {
  #stop: (() => void) | null = null

  override connectedCallback(): void {
    super.connectedCallback()
    this.#stop = onLanguageChange(() => this.requestUpdate())
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#stop?.()
    this.#stop = null
  }

  /** Tells the parents of this element about an event, also across the borders of shadow trees. */
  protected tell<Detail>(name: string, detail: Detail): boolean {
    return this.dispatchEvent(
      new CustomEvent(name, { detail, bubbles: true, composed: true, cancelable: true }),
    )
  }
}
