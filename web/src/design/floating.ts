import { css } from 'lit'

/** Where a message is that floats over the screen. It takes no presses beside what it shows. */
export const floating = css`
  position: fixed;
  inset-inline: var(--space-4);
  z-index: 5;
  display: grid;
  justify-items: center;
  pointer-events: none;
`

/** What a message looks like that floats over the screen. */
export const floatingBar = css`
  border-radius: var(--radius-l);
  background: var(--color-ink);
  color: var(--color-paper);
  font-size: var(--text-s);
  box-shadow: var(--shadow-2);
`
