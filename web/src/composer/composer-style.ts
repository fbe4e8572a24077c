import { css } from 'lit'

/** The style of the composer. */
export const composerStyle = css`
  :host {
    display: block;
  }
  form {
    display: grid;
    gap: var(--space-4);
  }
  .sources {
    display: grid;
    /* Side by side, and with large text below each other. */
    grid-template-columns: repeat(auto-fit, minmax(min(100%, max(8.5rem, 40%)), 1fr));
    gap: var(--space-2);
  }
  .sources label {
    position: relative;
    grid-column: 1 / -1;
  }
  .sources .button {
    padding-inline: var(--space-2);
  }
  @media (max-width: 359px) {
    .sources .button {
      gap: var(--space-1);
      padding-inline: var(--space-1);
      font-size: var(--text-s);
    }
    .sources svg {
      inline-size: 1.25rem;
      block-size: 1.25rem;
    }
  }
  .sources input {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    opacity: 0;
  }
  .sources label:focus-within {
    outline: 3px solid var(--color-accent-text);
    outline-offset: 2px;
  }
  .items {
    display: grid;
    gap: var(--space-3);
  }
  .over {
    outline: 2px dashed var(--color-accent-text);
    border-radius: var(--radius-m);
  }
  .options {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(14rem, 100%), 1fr));
    gap: var(--space-3);
  }
  .options .error {
    grid-column: 1 / -1;
  }
  .end {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: flex-end;
    gap: var(--space-2);
    padding-block: var(--space-2);
  }
  .why {
    display: flex;
    flex: 1 1 100%;
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    gap: 0 var(--space-2);
    font-size: var(--text-s);
  }
  .why p {
    flex: 1 1 8rem;
  }
  /* Within reach, however many files there are. Where little of the screen is left, it takes no room from the rest. */
  @media (min-height: 34rem) {
    .end {
      position: sticky;
      inset-block-end: calc(var(--navigation) + env(safe-area-inset-bottom));
      z-index: 1;
      margin-inline: calc(-1 * var(--space-3));
      padding-inline: var(--space-3);
      background: color-mix(in srgb, var(--color-paper) 92%, transparent);
      backdrop-filter: blur(16px);
    }
  }
  @media (min-width: 900px) {
    .end {
      inset-block-end: 0;
    }
  }
  .note {
    color: var(--color-ink-soft);
    font-size: var(--text-s);
  }
  dialog {
    inline-size: min(100%, 40rem);
    max-inline-size: none;
    max-block-size: 100dvh;
    padding: var(--space-3);
    border: 0;
    border-radius: var(--radius-l);
    background: var(--color-raised);
    color: var(--color-ink);
  }
  dialog::backdrop {
    background: var(--color-overlay);
  }
`
