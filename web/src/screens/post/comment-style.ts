import { css } from 'lit'

export const commentStyle = css`
  :host {
    --avatar: 36px;
    display: flex;
    gap: var(--space-3);
    min-block-size: 0;
    padding: var(--space-2);
  }
  .author {
    position: relative;
    flex: none;
  }
  /* What can be pressed is larger than the picture. */
  .author::after {
    position: absolute;
    inset: calc((var(--avatar) - var(--control)) / 2) auto auto calc((var(--avatar) - var(--control)) / 2);
    inline-size: var(--control);
    block-size: var(--control);
    content: "";
  }
  moblog-avatar {
    --size: var(--avatar);
  }
  .body {
    flex: 1;
    min-inline-size: 0;
  }
  p {
    white-space: pre-line;
  }
  strong {
    margin-inline-end: var(--space-1);
  }
  .acts {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    column-gap: var(--space-2);
    min-block-size: 2rem;
    color: var(--color-ink-soft);
    font-size: var(--text-s);
  }
  .acts button,
  .like {
    position: relative;
    border: 0;
    background: none;
    color: var(--color-ink-soft);
  }
  .acts button {
    /* What can be pressed is higher than the line. */
    min-inline-size: var(--control);
    min-block-size: var(--control);
    margin-block: calc((2rem - var(--control)) / 2);
    padding: 0;
    font-weight: 600;
  }
  .acts svg {
    inline-size: 1rem;
    block-size: 1rem;
    vertical-align: -0.15em;
  }
  .like {
    display: grid;
    flex: none;
    justify-items: center;
    align-content: start;
    inline-size: var(--control);
    min-block-size: var(--control);
    padding: var(--space-1) 0 0;
    font-size: var(--text-xs);
    font-variant-numeric: tabular-nums;
  }
  .like.liked {
    color: var(--color-like);
  }
  .like svg {
    inline-size: 1.25rem;
    block-size: 1.25rem;
  }
  @media (prefers-reduced-motion: no-preference) {
    .liked svg {
      animation: beat var(--time-calm) var(--ease-spring);
    }
    @keyframes beat {
      from {
        scale: 0.6;
      }
    }
  }
`
