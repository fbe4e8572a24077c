import { css } from 'lit'

export const shellStyle = css`
  :host {
    display: block;
  }
  .skip {
    position: absolute;
    inset-block-start: -4rem;
    inset-inline-start: var(--space-3);
    z-index: 6;
    padding: var(--space-3) var(--space-4);
    border: 0;
    border-radius: var(--radius-m);
    background: var(--color-raised);
  }
  .skip:not(:focus) {
    clip-path: inset(50%);
  }
  .skip:focus {
    box-shadow: var(--shadow-2);
  }
  .lost {
    padding: var(--space-5);
    text-align: center;
  }
  main:focus {
    outline: none;
  }
  nav {
    position: fixed;
    inset-block-end: 0;
    inset-inline: 0;
    z-index: 4;
    display: grid;
    grid-template-columns: repeat(5, 1fr);
    padding-block-end: env(safe-area-inset-bottom);
    border-block-start: 1px solid var(--color-line);
    background: color-mix(in srgb, var(--color-surface) 92%, transparent);
    backdrop-filter: blur(16px) saturate(1.4);
  }
  nav a {
    position: relative;
    display: flex;
    align-items: center;
    justify-content: center;
    min-block-size: var(--navigation);
    color: var(--color-ink-soft);
  }
  nav a[aria-current] {
    color: var(--color-ink);
  }
  nav .label {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  nav .write .icon {
    display: grid;
    place-items: center;
    inline-size: 48px;
    block-size: 36px;
    border-radius: var(--radius-round);
    background: var(--color-accent);
    color: var(--color-accent-ink);
  }
  nav moblog-avatar {
    --size: 28px;
  }
  nav a[aria-current] moblog-avatar {
    border-radius: 50%;
    outline: 2px solid var(--color-ink);
    outline-offset: 2px;
  }
  .icon {
    position: relative;
    display: grid;
  }
  .badge {
    position: absolute;
    inset-block-start: -6px;
    inset-inline-start: 12px;
    display: grid;
    place-items: center;
    inline-size: max-content;
    min-inline-size: 18px;
    block-size: 18px;
    padding-inline: 4px;
    border-radius: var(--radius-round);
    background: var(--color-like);
    color: var(--color-surface);
    font: 700 11px / 1 var(--font);
    font-variant-numeric: tabular-nums;
    white-space: nowrap;
  }
  /* Not a part of the visible text of the link, whose name says the number after it. */
  .badge::after {
    content: attr(data-count);
  }
  .wide {
    display: none;
  }
  .offline {
    position: sticky;
    inset-block-start: 0;
    z-index: 3;
    display: flex;
    align-items: center;
    justify-content: center;
    gap: var(--space-2);
    padding: max(var(--space-2), env(safe-area-inset-top)) var(--space-4) var(--space-2);
    background: var(--color-ink);
    color: var(--color-paper);
    font-size: var(--text-s);
    text-align: center;
  }
  .offline svg {
    flex: none;
    inline-size: 1.125rem;
    block-size: 1.125rem;
  }
  .toast {
    position: fixed;
    /* Above the navigation, the field for comments and a notice, which tell how high they are. */
    inset-block-end: calc(var(--navigation) + var(--field-at-end, 0px) + var(--notice, 0px) + var(--space-2) + env(safe-area-inset-bottom));
    inset-inline: var(--space-4);
    z-index: 5;
    display: grid;
    justify-items: center;
    pointer-events: none;
  }
  /* Below the header, if what it is about is in the lower half of the screen. */
  .high {
    inset-block: calc(4.5rem + max(var(--bar, 0px), env(safe-area-inset-top))) auto;
  }
  .toast p {
    margin: 0;
    padding: var(--space-3) var(--space-4);
    border-radius: var(--radius-l);
    background: var(--color-ink);
    color: var(--color-paper);
    font-size: var(--text-s);
    box-shadow: var(--shadow-2);
  }
  @media (prefers-reduced-motion: no-preference) {
    .toast p {
      animation: rise var(--time-calm) var(--ease);
    }
    @keyframes rise {
      from {
        translate: 0 1rem;
        opacity: 0;
      }
    }
  }
  @media (min-width: 900px) {
    :host {
      display: grid;
      grid-template-columns: 16rem minmax(0, 40rem);
      justify-content: center;
      gap: var(--space-6);
    }
    .skip {
      inset-block-start: var(--space-3);
    }
    nav {
      position: sticky;
      inset-block: 0 auto;
      grid-template-columns: none;
      align-content: start;
      gap: var(--space-1);
      block-size: 100dvh;
      padding-block: var(--space-5);
      overflow-y: auto;
      border: 0;
      background: none;
      backdrop-filter: none;
    }
    nav .wordmark {
      padding: 0 var(--space-4) var(--space-4);
      font: 700 var(--text-2xl) / 1 var(--font-title);
    }
    nav a {
      justify-content: flex-start;
      gap: var(--space-4);
      padding-inline: var(--space-4);
      border-radius: var(--radius-round);
      font-weight: 600;
    }
    nav a:hover,
    nav a[aria-current] {
      background: var(--color-sunken);
    }
    nav .label {
      position: static;
      inline-size: auto;
      block-size: auto;
      clip-path: none;
    }
    nav .write {
      order: 9;
      margin-block-start: var(--space-4);
      background: var(--color-accent);
      color: var(--color-accent-ink);
    }
    nav .write:hover,
    nav .write[aria-current] {
      background: var(--color-accent);
      color: var(--color-accent-ink);
      filter: brightness(1.06);
    }
    nav .write .icon {
      inline-size: auto;
      block-size: auto;
      background: none;
    }
    .wide {
      display: block;
    }
    nav a.wide {
      display: flex;
    }
    .side {
      grid-column: 2;
    }
  }
  @media (forced-colors: active) {
    nav a[aria-current] {
      text-decoration: underline;
    }
  }
  @media (min-width: 900px) and (max-height: 600px) {
    nav {
      gap: 0;
      padding-block: var(--space-2);
    }
    nav .wordmark {
      display: none;
    }
    nav .write {
      margin-block-start: 0;
    }
  }
  @media print {
    :host {
      display: block;
    }
    nav,
    .toast,
    .offline {
      display: none;
    }
  }
`
