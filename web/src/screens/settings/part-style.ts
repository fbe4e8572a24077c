import { css } from 'lit'

/** Undoes what the style of screens does for a whole screen. */
export const partStyle = css`
  :host {
    display: grid;
    gap: var(--space-4);
    min-block-size: 0;
    padding: 0;
  }
`
