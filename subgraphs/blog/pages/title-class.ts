import { type Html, html } from '../../../platform/pages/html.ts'
import { narrowClass } from '../../../web/src/design/narrow.ts'

/** The class attribute of a text in the font for titles, with other classes if it has any. */
export function titleClass(text: string, others = ''): Html | false {
  const classes = [others, narrowClass(text)].filter(Boolean).join(' ')
  return classes !== '' && html` class="${classes}"`
}
