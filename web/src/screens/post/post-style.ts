import { css } from 'lit'

export const postStyle = css`
  .facts {
    display: flex;
    flex-wrap: wrap;
    gap: 0 var(--space-2);
    padding: 0 var(--space-2) var(--space-2);
    border-block-start: 1px solid var(--color-line);
  }
  .facts button {
    display: inline-flex;
    align-items: center;
    gap: var(--space-2);
    min-block-size: var(--control);
    padding-inline: var(--space-2) var(--space-3);
    border: 0;
    border-radius: var(--radius-round);
    background: none;
    color: var(--color-ink-soft);
    font-size: var(--text-s);
    font-weight: 600;
  }
  .facts svg {
    inline-size: 1.25rem;
    block-size: 1.25rem;
  }
  .comments {
    display: grid;
    padding: var(--space-2);
  }
  .replies {
    margin-inline-start: 36px;
    padding-inline-start: var(--space-2);
  }
  .replies moblog-comment {
    --avatar: 28px;
  }
  .replies .button {
    margin-inline-start: var(--space-2);
    font-size: var(--text-s);
  }
  form {
    position: sticky;
    inset-block-end: calc(var(--navigation) + env(safe-area-inset-bottom));
    z-index: 2;
    display: flex;
    flex-wrap: wrap;
    align-items: flex-end;
    gap: 0 var(--space-2);
    padding: var(--space-2) var(--space-3);
    background: color-mix(in srgb, var(--color-paper) 92%, transparent);
    backdrop-filter: blur(16px);
  }
  form label {
    flex: 1;
  }
  form .error {
    flex-basis: 100%;
    margin-block-end: var(--space-2);
  }
  .answered {
    display: flex;
    flex-basis: 100%;
    align-items: center;
    justify-content: space-between;
    padding-inline-start: var(--space-3);
    color: var(--color-ink-soft);
    font-size: var(--text-s);
  }
  textarea {
    max-block-size: 9rem;
    border-radius: 1.375rem;
    field-sizing: content;
    resize: none;
  }
  form button.send {
    flex: none;
    background: var(--color-accent);
    color: var(--color-accent-ink);
  }
  form button.send[disabled] {
    background: var(--color-sunken);
    color: var(--color-ink-soft);
  }
  @media (hover: hover) {
    .facts button:hover {
      background: var(--color-sunken);
    }
  }
  @media (min-width: 900px) {
    form {
      inset-block-end: 0;
      padding-inline: 0;
    }
  }
  /* On a phone that is held sideways, the screen is for the post. */
  @media (max-height: 480px) {
    form {
      position: static;
    }
  }
`
