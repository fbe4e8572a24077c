/** Markup that is safe to send. Only this file creates it, so it never contains unescaped text. */
export type Html = { readonly markup: string }

/**
 * A value in a template: text is escaped, markup is kept, lists are joined, and null, undefined and false are empty.
 */
export type HtmlValue = string | number | Html | readonly HtmlValue[] | null | undefined | false

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Escapes text for use in elements and in quoted attributes. */
function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? '')
}

/** Creates markup from a template. Values are escaped unless `html` or `verbatim` created them. */
export function html(strings: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  let markup = strings[0] ?? ''
  for (const [index, value] of values.entries()) markup += render(value) + (strings[index + 1] ?? '')
  return { markup }
}

/** Creates markup from our own text without escaping, such as a style sheet. The text must contain no outside input. */
export function verbatim(markup: string): Html {
  return { markup }
}

function render(value: HtmlValue): string {
  if (value === null || value === undefined || value === false) return ''
  if (typeof value === 'string') return escapeHtml(value)
  if (typeof value === 'number') return String(value)
  if ('markup' in value) return value.markup
  return value.map(render).join('')
}
