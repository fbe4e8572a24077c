import { css } from 'lit'

export const feedStyle = css`
  :host {
    min-block-size: 0;
    padding: 0;
  }
  .page:focus {
    outline: none;
  }
  .pill {
    position: sticky;
    inset-block-start: calc(4rem + max(var(--bar, 0px), env(safe-area-inset-top)));
    z-index: 3;
    display: grid;
    justify-items: center;
    block-size: 0;
  }
  .pill .button {
    padding-inline: var(--space-4);
    box-shadow: var(--shadow-2);
  }
  .pill svg {
    inline-size: 1.25rem;
    block-size: 1.25rem;
  }
  .line {
    display: flex;
    align-items: center;
    gap: var(--space-3);
    color: var(--color-ink-soft);
    font-size: var(--text-s);
    text-align: center;
  }
  .line::before,
  .line::after {
    flex: 1;
    border-block-start: 1px solid var(--color-line-strong);
    content: "";
  }
  .line svg {
    flex: none;
    inline-size: 1.125rem;
    block-size: 1.125rem;
    color: var(--color-online);
  }
  .line span {
    max-inline-size: 70%;
    text-wrap: balance;
  }
  @media (prefers-reduced-motion: no-preference) {
    .pill .button {
      animation: drop var(--time-calm) var(--ease);
    }
    @keyframes drop {
      from {
        translate: 0 -0.75rem;
        opacity: 0;
      }
    }
  }
`
