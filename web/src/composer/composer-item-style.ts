import { css } from 'lit'
import { alongRow, oneLine } from '../design/cut-text.ts'

/** The style of a media file in the composer. */
export const composerItemStyle = css`
  :host {
    display: grid;
    grid-template-columns: 80px minmax(0, 1fr);
    gap: var(--space-3);
    padding: var(--space-2);
    border-radius: var(--radius-m);
    background: var(--color-surface);
    box-shadow: var(--shadow-1);
  }
  .thumb {
    display: grid;
    place-items: center;
    inline-size: 80px;
    block-size: 80px;
    overflow: hidden;
    border-radius: var(--radius-s);
    background: var(--color-sunken);
    color: var(--color-ink-soft);
  }
  .thumb img,
  .thumb video {
    inline-size: 100%;
    block-size: 100%;
    object-fit: cover;
  }
  .about {
    display: grid;
    align-content: start;
    gap: var(--space-1);
  }
  .texts {
    display: grid;
    grid-column: 1 / -1;
    gap: var(--space-2);
  }
  .name {
    font-weight: 600;
    ${alongRow}
    ${oneLine}
  }
  .state {
    color: var(--color-ink-soft);
    font-size: var(--text-s);
    font-variant-numeric: tabular-nums;
  }
  .note {
    color: var(--color-ink-soft);
    font-size: var(--text-s);
  }
  progress {
    inline-size: 100%;
    accent-color: var(--color-accent-text);
  }
  .steps {
    display: flex;
    flex-wrap: wrap;
    margin-inline-start: calc(-1 * var(--space-3));
  }
  textarea {
    field-sizing: content;
    resize: none;
  }
`
