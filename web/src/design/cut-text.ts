import { type CSSResult, css } from 'lit'

/**
 * Declarations for text on one line, which ends with an ellipsis where it is too long. It is cut at its end only: `hidden`
 * would also cut what reaches below or above the line, such as the tail of a g and the dots of Arabic letters.
 */
export const oneLine = css`
  overflow-x: clip;
  overflow-y: visible;
  text-overflow: ellipsis;
  white-space: nowrap;
`

/**
 * The same for text on several lines. What is below the last line has to be hidden, so the lines are as high as the letters
 * of all scripts.
 */
export const fewLines = (count: number): CSSResult => css`
  display: -webkit-box;
  overflow: hidden;
  line-height: var(--line);
  -webkit-box-orient: vertical;
  -webkit-line-clamp: ${count};
  line-clamp: ${count};
`

/**
 * Declarations for a block with `dir="auto"` in a row: it begins where the row begins, whichever way its own text runs.
 */
export const alongRow = css`
  inline-size: fit-content;
  max-inline-size: 100%;
`

/**
 * Declarations for the name of somebody or something in a row, with `dir="auto"`: it takes a second line where it is long, and
 * both lines begin where the row begins, whichever way the name runs.
 */
export const nameInRow: CSSResult = css`
  ${fewLines(2)}
  ${alongRow}
  overflow-wrap: anywhere;
  text-align: -webkit-match-parent;
  text-align: match-parent;
`
