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
  textarea {
    inline-size: 100%;
    min-block-size: 8rem;
    padding: var(--space-3) var(--space-4);
    border: 1px solid var(--color-line-strong);
    border-radius: var(--radius-m);
    background: var(--color-surface);
    font-size: var(--text-l);
    line-height: var(--line);
    resize: none;
    field-sizing: content;
  }
  .sources {
    display: flex;
    flex-wrap: wrap;
    gap: var(--space-2);
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
  .item {
    display: grid;
    grid-template-columns: 5rem 1fr;
    gap: var(--space-3);
    padding: var(--space-2);
    border-radius: var(--radius-m);
    background: var(--color-surface);
    box-shadow: var(--shadow-1);
  }
  .item.over {
    outline: 2px dashed var(--color-accent-text);
  }
  .thumb {
    display: grid;
    place-items: center;
    inline-size: 5rem;
    block-size: 5rem;
    overflow: hidden;
    border-radius: var(--radius-s);
    background: var(--color-sunken);
    color: var(--color-ink-soft);
  }
  .thumb img,
  .thumb video {
    inline-size: 100%;
    block-size: 100%;
    object-fit: cover;
  }
  .name {
    overflow: hidden;
    font-weight: 600;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .about {
    min-inline-size: 0;
  }
  .state {
    color: var(--color-ink-soft);
    font-size: var(--text-s);
    font-variant-numeric: tabular-nums;
  }
  .about progress {
    inline-size: 100%;
    accent-color: var(--color-accent-text);
  }
  .steps {
    display: flex;
    flex-wrap: wrap;
  }
  .audience {
    display: flex;
    flex-wrap: wrap;
    gap: var(--space-2);
    margin: 0;
    padding: 0;
    border: 0;
  }
  .audience legend {
    padding: 0;
    margin-block-end: var(--space-1);
    font-size: var(--text-s);
    font-weight: 600;
  }
  .audience label {
    display: inline-flex;
    align-items: center;
    gap: var(--space-2);
    min-block-size: var(--control);
    padding-inline: var(--space-4);
    border: 1px solid var(--color-line-strong);
    border-radius: var(--radius-round);
  }
  .audience label:has(:checked) {
    border-color: var(--color-accent-text);
    background: var(--color-accent-soft);
  }
  .audience input {
    accent-color: var(--color-accent-text);
  }
  .end {
    display: flex;
    justify-content: flex-end;
    gap: var(--space-2);
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
