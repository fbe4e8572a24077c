import { css } from 'lit'

export const welcomeStyle = css`
  :host {
    display: grid;
    min-block-size: 100dvh;
  }
  .language {
    position: absolute;
    inset-block-start: calc(var(--space-2) + env(safe-area-inset-top));
    inset-inline-end: var(--space-2);
  }
  main {
    display: grid;
    align-content: center;
    gap: var(--space-5);
    inline-size: min(100%, 26rem);
    margin-inline: auto;
    padding: var(--space-7) var(--space-5);
  }
  .hero {
    display: grid;
    gap: var(--space-3);
  }
  .hero svg {
    inline-size: 4.5rem;
    block-size: 4.5rem;
  }
  h1 {
    font: 700 var(--text-3xl) / 1 var(--font-title);
    letter-spacing: -0.02em;
  }
  .claim {
    color: var(--color-ink-soft);
    font-size: var(--text-l);
    text-wrap: balance;
  }
  .told {
    padding: var(--space-4);
    border-radius: var(--radius-m);
    background: var(--color-sunken);
  }
  form {
    display: grid;
    gap: var(--space-4);
  }
  form .button {
    inline-size: 100%;
  }
  .samples {
    display: grid;
    gap: var(--space-2);
    padding: var(--space-4);
    border-radius: var(--radius-l);
    background: var(--color-sunken);
  }
  .samples h2 {
    font-size: var(--text-s);
  }
  .samples p {
    color: var(--color-ink-soft);
    font-size: var(--text-xs);
  }
  .samples button {
    display: flex;
    align-items: center;
    gap: var(--space-3);
    inline-size: 100%;
    min-block-size: 3.25rem;
    padding: var(--space-1) var(--space-3);
    border: 0;
    border-radius: var(--radius-m);
    background: var(--color-surface);
    text-align: start;
  }
  .samples small {
    display: block;
    color: var(--color-ink-soft);
    font-size: var(--text-xs);
  }
  moblog-avatar {
    --size: 36px;
  }
`
