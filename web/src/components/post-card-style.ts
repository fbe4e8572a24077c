import { css } from 'lit'
import { alongRow, fewLines, oneLine } from '../design/cut-text.ts'

export const postCardStyle = css`
  :host {
    display: block;
  }
  article {
    overflow: hidden;
    border-radius: var(--radius-l);
    background: var(--color-surface);
    box-shadow: var(--shadow-1);
  }
  header {
    display: flex;
    align-items: center;
    gap: var(--space-3);
    padding: var(--space-3) var(--space-1) var(--space-3) var(--space-4);
  }
  .author {
    display: flex;
    flex: 1;
    align-items: center;
    gap: var(--space-3);
    min-block-size: var(--control);
  }
  .who strong {
    display: block;
    line-height: var(--line-tight);
    ${alongRow}
    ${oneLine}
  }
  .when {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    column-gap: var(--space-1);
    line-height: var(--line-tight);
    color: var(--color-ink-soft);
    font-size: var(--text-s);
  }
  .when svg {
    inline-size: 0.95rem;
    block-size: 0.95rem;
  }
  .audience {
    display: inline-flex;
    align-items: center;
    gap: var(--space-1);
    min-inline-size: 0;
    margin-inline-end: var(--space-1);
  }
  /* Not at the end of a line whose next one begins with the audience. */
  .audience::before {
    content: "·";
  }
  .audience svg {
    flex: none;
  }
  .audience span {
    ${oneLine}
  }
  :host(:not([whole])) :is(.when, .text) {
    cursor: pointer;
  }
  .more {
    color: var(--color-ink-soft);
  }
  .expiry {
    display: inline-flex;
    align-items: center;
    gap: var(--space-1);
    margin-inline-end: var(--space-1);
    color: var(--color-accent-text);
  }
  .warning,
  .hidden-post {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: var(--space-3);
    margin: 0 var(--space-4) var(--space-3);
    padding: var(--space-3) var(--space-3) var(--space-3) var(--space-4);
    border-radius: var(--radius-m);
    background: var(--color-sunken);
  }
  .warning p,
  .hidden-post p {
    flex: 1 1 min(7rem, 60%);
  }
  .warning svg,
  .hidden-post svg {
    flex: none;
    color: var(--color-ink-soft);
  }
  .warning .button,
  .hidden-post .button {
    margin-inline-start: auto;
    padding-inline: var(--space-4);
    background: var(--color-lifted);
  }
  .hidden-post {
    margin: 0;
    border-radius: var(--radius-l);
    color: var(--color-ink-soft);
  }
  article .hidden-post {
    border-radius: 0;
  }
  .text {
    padding: 0 var(--space-4) var(--space-3);
    white-space: pre-line;
  }
  .text a {
    color: var(--color-accent-text);
    text-decoration: underline;
    text-decoration-color: color-mix(in srgb, currentcolor 40%, transparent);
    text-underline-offset: 0.2em;
  }
  .text.large {
    font: 400 var(--text-xl) / 1.4 var(--font-title);
  }
  .text.large.narrow {
    font-variant-east-asian: proportional-width;
  }
  .text.cut {
    ${fewLines(8)}
    padding-block-end: 0;
  }
  .read {
    block-size: var(--space-3);
  }
  .read-more {
    display: flex;
    align-items: center;
    inline-size: fit-content;
    min-inline-size: var(--control);
    min-block-size: var(--control);
    padding-inline: var(--space-4);
    color: var(--color-accent-text);
    font-weight: 600;
  }
  footer {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: var(--space-1);
    padding: var(--space-1) var(--space-2) var(--space-2);
  }
  .act {
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
    font-variant-numeric: tabular-nums;
  }
  .act.views {
    margin-inline-start: auto;
  }
  .act.liked {
    color: var(--color-like);
  }
  .waiting {
    display: inline-flex;
    align-items: center;
    gap: var(--space-1);
    margin-inline-start: auto;
    padding-inline-end: var(--space-3);
    color: var(--color-ink-soft);
    font-size: var(--text-s);
  }
  .waiting svg {
    inline-size: 1rem;
    block-size: 1rem;
  }
  @media (hover: hover) {
    .act:hover {
      background: var(--color-sunken);
    }
  }
  @media (prefers-reduced-motion: no-preference) {
    .act.liked svg {
      animation: beat var(--time-calm) var(--ease-spring);
    }
    @keyframes beat {
      from {
        scale: 0.6;
      }
    }
  }
`
