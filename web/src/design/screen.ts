import { css } from 'lit'
import { oneLine } from './cut-text.ts'

/** The style that all screens share: the bar at the top, lists, sections and placeholders. */
export const screen = css`
  :host {
    display: block;
    min-block-size: 100dvh;
    padding-block-end: calc(var(--navigation) + var(--space-6) + env(safe-area-inset-bottom));
  }
  .top {
    position: sticky;
    /* Below the bar that says that there is no connection, which has its own distance from the edge of the screen. */
    inset-block-start: max(0px, var(--bar, 0px) - env(safe-area-inset-top));
    z-index: 2;
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: var(--space-1);
    min-block-size: calc(56px + env(safe-area-inset-top));
    padding: env(safe-area-inset-top) var(--space-2) 0;
    background: color-mix(in srgb, var(--color-paper) 88%, transparent);
    backdrop-filter: blur(16px) saturate(1.4);
  }
  /* With large text, wide controls are below the title instead of cutting it. */
  .top h1 {
    flex: 1 1 7rem;
    padding-inline: var(--space-2);
    font: 700 var(--text-l) / var(--line-tight) var(--font);
    ${oneLine}
  }
  .top h1.wordmark {
    font: 700 var(--text-xl) / var(--line-tight) var(--font-title);
    letter-spacing: -0.01em;
  }
  /* Smaller than elsewhere, so that the title stays complete on the narrowest phones. */
  .top .button.plain {
    flex: none;
    padding-inline: var(--space-2);
    font-size: var(--text-s);
  }
  .page {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: var(--space-4);
    padding: var(--space-2) var(--space-3);
  }
  .section {
    overflow: hidden;
    border-radius: var(--radius-l);
    background: var(--color-surface);
    box-shadow: var(--shadow-1);
  }
  h2.heading {
    padding: var(--space-3) var(--space-2) 0;
    font: 700 var(--text-m) / var(--line-tight) var(--font);
  }
  .soft {
    color: var(--color-ink-soft);
    font-size: var(--text-s);
  }
  .more {
    display: block;
    margin: var(--space-3) auto;
  }
  .form {
    display: grid;
    gap: var(--space-4);
    padding: var(--space-5) var(--space-4);
  }
  .form .button {
    justify-self: start;
  }
  .bone {
    border-radius: var(--radius-m);
    background: var(--color-sunken);
  }
  .bone-row {
    display: flex;
    align-items: center;
    gap: var(--space-3);
    padding: var(--space-3) var(--space-4);
  }
  .bone.round {
    flex: none;
    inline-size: 44px;
    block-size: 44px;
    border-radius: 50%;
  }
  .bone.text {
    inline-size: 45%;
    block-size: 1rem;
  }
  .bone.picture {
    aspect-ratio: 4 / 3;
    border-radius: 0;
  }
  .problem {
    display: grid;
    justify-items: center;
    gap: var(--space-3);
    padding: var(--space-5);
    color: var(--color-ink-soft);
    text-align: center;
  }
  @media (prefers-reduced-motion: no-preference) {
    .bone {
      animation: breathe 1.6s ease-in-out infinite alternate;
    }
    @keyframes breathe {
      to {
        opacity: 0.45;
      }
    }
  }
  /* On a phone that is held sideways, the screen is for what is below the title. */
  @media (max-height: 480px) {
    .top {
      position: static;
    }
  }
  @media (min-width: 900px) {
    :host {
      padding-block-end: var(--space-7);
    }
    .page {
      padding-inline: 0;
    }
  }
`
