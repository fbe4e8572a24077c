import { css } from 'lit'
import { alongRow, oneLine } from '../design/cut-text.ts'

/** The look of a list of posts that are not published yet. */
export const waitingStyle = css`
  :host {
    display: block;
  }
  :host([hidden]) {
    display: none;
  }
  ul {
    display: grid;
    gap: var(--space-3);
  }
  li {
    display: grid;
    gap: var(--space-2);
    padding: var(--space-4);
    border: 1px dashed var(--color-line-strong);
    border-radius: var(--radius-l);
  }
  .text {
    ${alongRow}
    ${oneLine}
  }
  .state {
    display: flex;
    align-items: center;
    gap: var(--space-2);
    color: var(--color-ink-soft);
    font-size: var(--text-s);
  }
  .state svg {
    flex: none;
    inline-size: 1.25rem;
    block-size: 1.25rem;
  }
  .refused {
    border-style: solid;
    border-color: var(--color-danger);
  }
  .refused .state {
    color: var(--color-danger);
  }
  .choices {
    display: flex;
    flex-wrap: wrap;
    gap: var(--space-2);
  }
  progress {
    inline-size: 100%;
    accent-color: var(--color-accent-text);
  }
`
