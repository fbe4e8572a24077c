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
  moblog-person-row .button {
    padding-inline: var(--space-4);
  }
`
