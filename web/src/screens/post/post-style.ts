import { css } from 'lit'

export const postStyle = css`
  .comments {
    display: grid;
    gap: var(--space-1);
    padding: var(--space-2);
  }
  .comment {
    display: flex;
    gap: var(--space-3);
    padding: var(--space-2);
  }
  .comment moblog-avatar {
    --size: 2.25rem;
  }
  .bubble {
    flex: 1;
    min-inline-size: 0;
  }
  .comment strong {
    margin-inline-end: var(--space-2);
  }
  .comment p {
    white-space: pre-line;
  }
  .comment .soft svg {
    inline-size: 0.9rem;
    block-size: 0.9rem;
    vertical-align: -0.12em;
  }
  .delete {
    color: var(--color-ink-soft);
  }
  .delete svg {
    inline-size: 1.125rem;
    block-size: 1.125rem;
  }
  form {
    position: sticky;
    inset-block-end: calc(3.5rem + env(safe-area-inset-bottom));
    z-index: 2;
    display: flex;
    align-items: flex-end;
    gap: var(--space-2);
    padding: var(--space-2) var(--space-3);
    background: color-mix(in srgb, var(--color-paper) 92%, transparent);
    backdrop-filter: blur(16px);
  }
  form label {
    flex: 1;
  }
  textarea {
    max-block-size: 9rem;
    border-radius: 1.375rem;
    field-sizing: content;
    resize: none;
  }
  form button {
    flex: none;
    background: var(--color-accent);
    color: var(--color-accent-ink);
  }
  form button[disabled] {
    background: var(--color-sunken);
    color: var(--color-ink-soft);
  }
  :host(:dir(rtl)) form svg {
    scale: -1 1;
  }
  @media (min-width: 900px) {
    form {
      inset-block-end: 0;
      padding-inline: 0;
    }
  }
`
