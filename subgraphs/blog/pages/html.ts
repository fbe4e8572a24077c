/** Markup that is safe to send; only this file makes it, so that nothing unescaped gets in. */
export type Html = { readonly markup: string }

/** What may stand in a template: text is escaped, markup stays as it is, lists are joined, nothing shows as nothing. */
export type HtmlValue = string | number | Html | readonly HtmlValue[] | null | undefined | false

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Text as it may stand in elements and in quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? '')
}

/** Makes markup from a template; whatever is put into it is escaped unless it was made by `html` itself. */
export function html(strings: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  let markup = strings[0] ?? ''
  for (const [index, value] of values.entries()) markup += render(value) + (strings[index + 1] ?? '')
  return { markup }
}

/** Text of our own, no part of which came from outside, that must stay as it is, such as a style sheet. */
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
