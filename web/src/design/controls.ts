import { css } from 'lit'

/** The style that every element with controls shares: reset, buttons, fields, and text for readers of the screen only. */
export const controls = css`
  *,
  *::before,
  *::after {
    box-sizing: border-box;
    /* Nothing makes the box around it wider than the screen because a name in it is long. */
    min-inline-size: 0;
  }
  [hidden] {
    display: none !important;
  }
  h1,
  h2,
  h3,
  p,
  ul,
  ol,
  figure {
    margin: 0;
    padding: 0;
  }
  ul,
  ol {
    list-style: none;
  }
  a {
    color: inherit;
    text-decoration: none;
  }
  button,
  input,
  textarea,
  select {
    font: inherit;
    color: inherit;
  }
  :where(svg) {
    flex: none;
  }
  :where(svg[width="24"]) {
    inline-size: var(--icon);
    block-size: var(--icon);
  }
  button {
    cursor: pointer;
    touch-action: manipulation;
  }
  :focus-visible {
    outline: 3px solid var(--color-accent-text);
    outline-offset: 2px;
  }
  /* Headings do nothing. They only take the focus to where the user goes on. */
  h1:focus,
  h2:focus {
    outline: none;
  }
  .button {
    display: inline-flex;
    /* In a row, what is beside it becomes narrower, or the row takes a second line. */
    flex: none;
    align-items: center;
    justify-content: center;
    gap: var(--space-2);
    max-inline-size: 100%;
    min-block-size: var(--control);
    padding-inline: var(--space-5);
    /* Forced colours hide backgrounds, and show borders also if they are transparent. */
    border: 1px solid transparent;
    border-radius: var(--radius-round);
    background: var(--color-accent);
    color: var(--color-accent-ink);
    font-weight: 600;
    line-height: var(--line-tight);
    overflow-wrap: break-word;
    text-align: center;
  }
  .button[disabled] {
    background: var(--color-sunken);
    color: var(--color-ink-soft);
    cursor: default;
  }
  .button.quiet {
    background: var(--color-sunken);
    color: var(--color-ink);
  }
  .button.plain {
    background: none;
    color: var(--color-accent-text);
    padding-inline: var(--space-3);
  }
  .button.danger {
    background: var(--color-danger-soft);
    color: var(--color-danger);
  }
  .icon-button {
    display: inline-grid;
    flex: none;
    place-items: center;
    inline-size: var(--control);
    block-size: var(--control);
    padding: 0;
    border: 0;
    border-radius: var(--radius-round);
    background: none;
    color: inherit;
  }
  .icon-button[disabled] {
    opacity: 0.4;
    cursor: default;
  }
  .field {
    display: block;
  }
  .field > span {
    display: block;
    margin-block-end: var(--space-1);
    font-size: var(--text-s);
    font-weight: 600;
  }
  .field > small {
    display: block;
    margin-block-start: var(--space-1);
    color: var(--color-ink-soft);
    font-size: var(--text-xs);
  }
  .input {
    display: block;
    inline-size: 100%;
    min-block-size: var(--control);
    padding: var(--space-2) var(--space-4);
    border: 1px solid var(--color-line-strong);
    border-radius: var(--radius-m);
    background: var(--color-surface);
    font-size: var(--text-m);
  }
  .input:placeholder-shown {
    text-overflow: ellipsis;
  }
  select.input {
    padding-inline-end: var(--space-7);
    appearance: none;
    background-image:
      linear-gradient(45deg, transparent 50%, currentcolor 50%), linear-gradient(-45deg, transparent 50%, currentcolor 50%);
    background-position: right calc(var(--space-4) + 0.3rem) center, right var(--space-4) center;
    background-repeat: no-repeat;
    background-size: 0.3rem 0.3rem;
  }
  :host(:dir(rtl)) select.input {
    background-position: left var(--space-4) center, left calc(var(--space-4) + 0.3rem) center;
  }
  :host(:dir(rtl)) .along {
    scale: -1 1;
    transform-origin: center;
  }
  /* The browser's is blue. */
  .input::-webkit-search-cancel-button {
    filter: grayscale(1);
  }
  .input::placeholder {
    color: var(--color-ink-soft);
    opacity: 1;
  }
  .error {
    padding: var(--space-3) var(--space-4);
    border-radius: var(--radius-m);
    background: var(--color-danger-soft);
    color: var(--color-danger);
    font-size: var(--text-s);
  }
  .only-heard {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    margin: -1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  @media (hover: hover) {
    .button:not([disabled]):hover {
      filter: brightness(1.08);
    }
    /* Brighter would be as light as the card around it. */
    .button.quiet:not([disabled]):hover {
      background: color-mix(in srgb, var(--color-ink) 7%, var(--color-sunken));
      filter: none;
    }
    .icon-button:not([disabled]):hover {
      background: color-mix(in srgb, currentcolor 9%, transparent);
    }
  }
  @media (prefers-reduced-motion: no-preference) {
    .button,
    .icon-button {
      transition:
        transform var(--time-quick) var(--ease),
        background var(--time-quick) var(--ease);
    }
    .button:active,
    .icon-button:active {
      transform: scale(0.95);
    }
  }
`
