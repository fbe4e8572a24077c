import { css } from 'lit'

export const moblogStyle = css`
  .hero {
    position: relative;
    display: grid;
    justify-items: center;
    gap: var(--space-2);
    padding: var(--space-4) var(--space-4) var(--space-5);
    border-radius: var(--radius-l);
    background:
      radial-gradient(120% 90% at 50% 0, var(--color-accent-soft), transparent 70%),
      var(--color-surface);
    box-shadow: var(--shadow-1);
    text-align: center;
  }
  .hero moblog-avatar {
    --size: 96px;
    border: 4px solid var(--color-surface);
    border-radius: 50%;
    box-sizing: content-box;
  }
  .hero h2 {
    max-inline-size: 100%;
    font: 700 var(--text-2xl) / var(--line-tight) var(--font-title);
    text-wrap: balance;
  }
  .hero h2.narrow {
    font-variant-east-asian: proportional-width;
  }
  .about {
    max-inline-size: 28rem;
    white-space: pre-line;
  }
  .facts {
    display: flex;
    flex-wrap: wrap;
    justify-content: center;
    gap: var(--space-1) var(--space-3);
    color: var(--color-ink-soft);
    font-size: var(--text-s);
  }
  .facts .online {
    color: var(--color-online);
    font-weight: 600;
  }
  .friends {
    display: flex;
    align-items: center;
    gap: var(--space-1);
    padding: var(--space-1) var(--space-3) var(--space-1) var(--space-2);
    border-radius: var(--radius-round);
    background: var(--color-accent-soft);
    color: var(--color-accent-text);
    font-size: var(--text-s);
    font-weight: 600;
  }
  .friends svg {
    inline-size: 1.25rem;
    block-size: 1.25rem;
  }
  .muted {
    color: var(--color-ink-soft);
    font-size: var(--text-s);
  }
  /* Stands before the first word, where the text is centred too. */
  .muted svg {
    inline-size: 1.25rem;
    block-size: 1.25rem;
    margin-inline-end: var(--space-1);
    vertical-align: -0.3em;
  }
  .hero a.soft {
    display: flex;
    align-items: center;
    min-block-size: var(--control);
  }
  .steps {
    display: flex;
    flex-wrap: wrap;
    justify-content: center;
    gap: var(--space-2);
    margin-block-start: var(--space-2);
  }
`
