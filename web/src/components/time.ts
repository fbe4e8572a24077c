import { html, type TemplateResult } from 'lit'
import { serverNow } from '../data/session-store.ts'
import { fullTime, timeAgo } from '../i18n/format.ts'

// The shortest step of a text is a minute.
const EVERY_MS = 15_000

const shown = new Set<MoblogNow>()

/** A text that changes as time passes. One timer follows the clock for all of them that are on the page. */
class MoblogNow extends HTMLElement {
  #say: (now: number) => string = () => ''

  set say(say: (now: number) => string) {
    this.#say = say
    this.show()
  }

  connectedCallback(): void {
    shown.add(this)
    this.show()
  }

  disconnectedCallback(): void {
    shown.delete(this)
  }

  show(): void {
    const text = this.#say(serverNow())
    if (text !== this.textContent) this.textContent = text
  }
}

customElements.define('moblog-now', MoblogNow)

// Timers of a hidden page are late, and a device that sleeps has none.
const showAll = () => {
  if (!document.hidden) for (const each of shown) each.show()
}
setInterval(showAll, EVERY_MS)
document.addEventListener('visibilitychange', showAll)

/** Shows a text that is made anew as time passes, from the time of the server in milliseconds since 1970. */
export function passing(say: (now: number) => string): TemplateResult {
  return html`<moblog-now .say=${say}></moblog-now>`
}

/** Shows how long ago something was; the full time is the tooltip. */
export function time(value: string): TemplateResult {
  return html`<time datetime=${value} title=${fullTime(value)}>${passing((now) => timeAgo(value, now))}</time>`
}
