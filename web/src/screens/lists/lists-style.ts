import { css } from 'lit'
import { oneLine } from '../../design/cut-text.ts'

/** The style of the screens of audience lists. */
export const listsStyle = css`
  .row {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: var(--space-4);
    min-block-size: 3.5rem;
    padding: var(--space-2) var(--space-4);
  }
  .row + .row,
  moblog-person-row + moblog-person-row {
    border-block-start: 1px solid var(--color-line);
  }
  .row > span {
    flex: 1 1 min(8rem, 60%);
  }
  .row strong,
  .row small {
    display: block;
    ${oneLine}
  }
  .row small {
    color: var(--color-ink-soft);
    font-size: var(--text-s);
  }
  .row svg:last-child {
    color: var(--color-ink-soft);
  }
  .inline {
    display: flex;
    flex-wrap: wrap;
    align-items: end;
    gap: var(--space-3);
    padding: var(--space-4);
  }
  .inline .field {
    flex: 1 1 12rem;
  }
  .inline .error {
    flex: 1 0 100%;
  }
  .note {
    padding: var(--space-4);
    color: var(--color-ink-soft);
  }
  /* The note keeps its place, so that nothing moves when the first friend is added. */
  .added {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    align-items: center;
    min-block-size: 4rem;
  }
  .added > * {
    grid-area: 1 / 1;
  }
  .added.some .note {
    visibility: hidden;
  }
  .added ul {
    display: flex;
    gap: var(--space-2);
    margin: 0;
    padding: var(--space-2) var(--space-4);
    overflow-x: auto;
    list-style: none;
  }
  .added a {
    display: flex;
    align-items: center;
    gap: var(--space-2);
    max-inline-size: 14rem;
    min-block-size: var(--control);
    padding-inline: var(--space-2) var(--space-4);
    border-radius: var(--radius-round);
    background: var(--color-accent-soft);
    color: var(--color-accent-text);
    font-weight: 600;
  }
  .added a moblog-avatar {
    --size: 28px;
  }
  .added bdi {
    ${oneLine}
  }
  moblog-person-row + .added {
    border-block-start: 1px solid var(--color-line);
  }
  moblog-person-row .button {
    padding-inline: var(--space-4);
  }
`
