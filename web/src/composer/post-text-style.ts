import { css } from 'lit'
import { oneLine } from '../design/cut-text.ts'

/** The style of the field for the text of a post, and of its suggestions. */
export const postTextStyle = css`
  :host {
    display: grid;
    gap: var(--space-2);
  }
  .text {
    inline-size: 100%;
    min-block-size: 8rem;
    padding: var(--space-3) var(--space-4);
    border: 1px solid var(--color-line-strong);
    border-radius: var(--radius-m);
    background: var(--color-surface);
    font-size: var(--text-l);
    line-height: var(--line);
    resize: none;
    field-sizing: content;
  }
  .writing {
    position: relative;
  }
  .mentions {
    position: absolute;
    inset-inline: 0;
    z-index: 1;
    overflow: hidden;
    margin-block-start: var(--space-1);
    border: 1px solid var(--color-line);
    border-radius: var(--radius-m);
    background: var(--color-raised);
    box-shadow: var(--shadow-2);
  }
  .mentions li {
    display: flex;
    align-items: center;
    gap: var(--space-3);
    min-block-size: var(--control);
    padding: var(--space-1) var(--space-4);
    cursor: pointer;
  }
  .mentions li > span {
    min-inline-size: 0;
    ${oneLine}
  }
  .mentions [aria-selected="true"] {
    background: var(--color-accent-soft);
    outline: 2px solid transparent;
    outline-offset: -2px;
  }
  .mentions moblog-avatar {
    --size: 32px;
  }
`
