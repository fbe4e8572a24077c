import { css } from 'lit'

/** The style of dialogs at the bottom of the screen, which are in the middle of large screens. */
export const sheetStyle = css`
  dialog {
    inline-size: min(100%, 28rem);
    max-inline-size: none;
    margin: auto auto 0;
    padding: var(--space-3) var(--space-3) calc(var(--space-3) + env(safe-area-inset-bottom));
    border: 0 solid transparent;
    border-block-start-width: 1px;
    border-start-start-radius: var(--radius-l);
    border-start-end-radius: var(--radius-l);
    background: var(--color-raised);
    color: var(--color-ink);
    box-shadow: var(--shadow-2);
  }
  dialog::backdrop {
    background: var(--color-overlay);
  }
  h2 {
    padding: var(--space-2) var(--space-3) 0;
    font: 700 var(--text-l) / var(--line-tight) var(--font);
  }
  @media (min-width: 900px) {
    dialog {
      margin: auto;
      border-radius: var(--radius-l);
    }
  }
  @media (prefers-reduced-motion: no-preference) {
    dialog[open] {
      animation: rise var(--time-calm) var(--ease);
    }
    @keyframes rise {
      from {
        translate: 0 2.5rem;
        opacity: 0;
      }
    }
  }
`
