import { css } from 'lit'
import { nameInRow } from '../../design/cut-text.ts'

export const settingsStyle = css`
  .row {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: var(--space-4);
    inline-size: 100%;
    min-block-size: 3.5rem;
    padding: var(--space-2) var(--space-4);
    border: 0;
    background: none;
    font-weight: 500;
    text-align: start;
  }
  .form > h2 {
    font: 700 var(--text-m) / var(--line-tight) var(--font);
  }
  .row + .row {
    border-block-start: 1px solid var(--color-line);
  }
  /* Where a row has too little room for its words, its control is below them. */
  .row > span,
  .row > label,
  .row > .to {
    flex: 1 1 min(8rem, 60%);
  }
  /* The name of a choice is short, so the choice is beside it if both fit as they are. */
  .row > .short {
    flex-basis: auto;
  }
  .row > .button,
  .row > select {
    margin-inline-start: auto;
  }
  .row strong {
    display: block;
    font-weight: 500;
    ${nameInRow}
  }
  .row small {
    display: block;
    color: var(--color-ink-soft);
    font-size: var(--text-s);
    font-weight: 400;
  }
  .row select {
    inline-size: auto;
    max-inline-size: 100%;
  }
  .row.dangerous {
    color: var(--color-danger);
  }
  a.row svg:last-child {
    color: var(--color-ink-soft);
  }
  progress {
    display: block;
    inline-size: 100%;
    block-size: 0.75rem;
    overflow: hidden;
    border: 0;
    border-radius: var(--radius-round);
    background: var(--color-sunken);
    appearance: none;
  }
  progress::-webkit-progress-bar {
    background: var(--color-sunken);
  }
  progress::-webkit-progress-value {
    background: var(--color-accent);
  }
  progress::-moz-progress-bar {
    background: var(--color-accent);
  }
  @media (forced-colors: active) {
    progress {
      border: 1px solid;
      forced-color-adjust: none;
      --color-sunken: Canvas;
      --color-accent: Highlight;
    }
    .pictures button:not([aria-pressed="true"]) {
      border-color: Canvas;
    }
  }
  .usage {
    display: grid;
    gap: var(--space-3);
    padding: var(--space-5) var(--space-4);
  }
  .usage strong {
    font: 700 var(--text-xl) / var(--line-tight) var(--font-title);
    text-wrap: balance;
  }
  .pictures {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(4.5rem, 1fr));
    gap: var(--space-2);
  }
  .pictures button {
    padding: 0;
    border: 3px solid transparent;
    border-radius: var(--radius-m);
    background: none;
  }
  .pictures button[aria-pressed="true"] {
    border-color: var(--color-accent);
  }
  .pictures img {
    display: block;
    inline-size: 100%;
    aspect-ratio: 1;
    border-radius: var(--radius-s);
    object-fit: cover;
  }
`
