import { css, html } from 'lit'
import { MoblogElement } from '../element.ts'
import { FreshAddress } from './fresh-address.ts'
import { hueOf } from './hue-of.ts'
import { initials } from './initials.ts'

/** What an avatar needs to know of a user. */
export type Pictured = {
  id: string
  displayName: string
  avatar?: { access?: { url: string; imageUrl?: string | null; expiresAt?: string | null } | null } | null
}

/** The round picture of a user, or their initials. It is decoration, because the name is always next to it. */
export class MoblogAvatar extends MoblogElement {
  static override properties = {
    person: { attribute: false },
    online: { type: Boolean },
    broken: { state: true },
  }
  declare person: Pictured | null
  declare online: boolean
  declare broken: string | null
  readonly #fresh = new FreshAddress()

  static override styles = css`
    :host {
      --size: 44px;
      position: relative;
      display: block;
      flex: none;
      inline-size: var(--size);
      block-size: var(--size);
    }
    img,
    .initials {
      display: grid;
      place-items: center;
      inline-size: 100%;
      block-size: 100%;
      border-radius: 50%;
      object-fit: cover;
      /* Tints of colours that know the theme: light on a light surface, dark on a dark one. */
      background: color-mix(in srgb, hsl(var(--hue, 30) 62% 60%) 25%, var(--color-surface));
      color: color-mix(in srgb, hsl(var(--hue, 30) 70% 45%) 35%, var(--color-ink));
      font-weight: 700;
      font-size: calc(var(--size) * 0.38);
      line-height: 1;
      user-select: none;
    }
    .online {
      position: absolute;
      inset-block-end: 0;
      inset-inline-end: 0;
      inline-size: clamp(12px, calc(var(--size) * 0.26), 20px);
      block-size: clamp(12px, calc(var(--size) * 0.26), 20px);
      border: 2px solid var(--around, var(--color-surface));
      border-radius: 50%;
      background: var(--color-online);
    }
  `

  constructor() {
    super()
    this.person = null
    this.online = false
    this.broken = null
  }

  protected override render() {
    const { person } = this
    const access = person?.avatar?.access
    // The small version does not exist until a new picture is processed.
    const url = this.#fresh.of(access?.imageUrl ?? access?.url ?? null, access)
    const dot = this.online ? html`<span class="online"></span>` : null
    if (person && url !== null && this.broken !== url) {
      return html`<img src=${url} alt="" loading="lazy" decoding="async" @error=${() => {
        this.broken = url
      }} />${dot}`
    }
    const hue = `--hue: ${hueOf(person?.id ?? '')}`
    return html`<span class="initials" aria-hidden="true" .style=${hue}>${initials(person?.displayName ?? '')}</span>${dot}`
  }
}

customElements.define('moblog-avatar', MoblogAvatar)

declare global {
  interface HTMLElementTagNameMap {
    'moblog-avatar': MoblogAvatar
  }
}
