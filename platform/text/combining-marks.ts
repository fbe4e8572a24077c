// Accents that belong to no particular script. Any letter can carry them, and they are drawn one above the other.
const STACKING =
  '[\\u0300-\\u036F\\u0483-\\u0489\\u1AB0-\\u1AFF\\u1DC0-\\u1DFF\\u20D0-\\u20FF\\uFE20-\\uFE2F]'

// A composed letter such as ệ already contains two more.
const MOST_STACKED = 3
// Hebrew with vowels and cantillation has up to five signs on a letter. Tibetan and Burmese stacks have more.
const MOST_MARKS = 5
const MOST_OF_STACKS = 8

const LONG_RUN = /\p{M}{4,}/gu
const STACKS = /^[\p{Script=Tibetan}\p{Script=Myanmar}\p{Script=Tai_Tham}]/u
const EVERY_STACKING = new RegExp(STACKING, 'u')

/**
 * Limits the combining marks on each letter to more than any language writes. Higher stacks would cover the lines
 * around. If there are too many marks, the first ones are kept.
 */
export function boundCombiningMarks(text: string): string {
  return text.replace(LONG_RUN, (run) => {
    const most = STACKS.test(run) ? MOST_OF_STACKS : MOST_MARKS
    let stacked = 0
    return [...run]
      .filter((mark) => !EVERY_STACKING.test(mark) || ++stacked <= MOST_STACKED)
      .slice(0, most)
      .join('')
  })
}
