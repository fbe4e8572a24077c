import { css, html, nothing, type TemplateResult } from 'lit'
import { icons } from '../design/icons.ts'
import { words } from './messages.ts'

/** A field for a password. */
export type PasswordField = {
  name: string
  label: string
  autocomplete: AutoFill
  hint: string | null
  /** What is wrong with it; null if nothing is. */
  problem: string | null
}

/** The style of `passwordField`. */
export const passwordStyle = css`
  .secret {
    position: relative;
  }
  .secret .input {
    padding-inline-end: calc(var(--control) + var(--space-1));
  }
  .secret button {
    position: absolute;
    inset-block: 0;
    inset-inline-end: 0;
    block-size: auto;
    color: var(--color-ink-soft);
  }
  .secret button span {
    display: grid;
  }
  [aria-pressed="false"] .on,
  [aria-pressed="true"] .off {
    display: none;
  }
`

/** A field for a password, with a button that shows what is typed. */
export function passwordField({ name, label, autocomplete, hint, problem }: PasswordField): TemplateResult {
  const isHinted = hint !== null && hint !== problem
  const described = [...(isHinted ? [`${name}-hint`] : []), ...(problem === null ? [] : [`${name}-problem`])]
  return html`<div class="field">
    <span><label for=${name}>${label}</label></span>
    <div class="secret">
      <input
        class="input"
        id=${name}
        name=${name}
        type="password"
        autocomplete=${autocomplete}
        autocapitalize="none"
        spellcheck="false"
        required
        aria-invalid=${problem !== null}
        aria-describedby=${described.join(' ') || nothing}
      />
      <button class="icon-button" type="button" aria-pressed="false" aria-label=${words().showPassword} @click=${turn}>
        <span class="off">${icons.eye()}</span><span class="on">${icons.eyeOff()}</span>
      </button>
    </div>
    ${isHinted ? html`<small id=${`${name}-hint`}>${hint}</small>` : nothing}
    ${problem === null ? nothing : html`<p class="error" id=${`${name}-problem`} role="alert">${problem}</p>`}
  </div>`
}

function turn({ currentTarget: button }: Event): void {
  if (!(button instanceof HTMLElement)) return
  const input = button.parentElement?.querySelector('input')
  if (!input) return
  const isShown = input.type === 'password'
  input.type = isShown ? 'text' : 'password'
  button.setAttribute('aria-pressed', String(isShown))
}
