import { type Html, html } from '../../../platform/pages/html.ts'

/**
 * Renders the links to the beginning of a list and to its next page.
 *
 * @param labels the words on the two links
 */
export function renderPager(
  { isContinued, nextCursor }: { isContinued: boolean; nextCursor: string | null },
  labels: { first: string; next: string },
): Html | null {
  if (!isContinued && nextCursor === null) return null
  return html`<nav>
${isContinued && html`<a class="button" rel="first" href="?">${labels.first}</a>`}
${nextCursor !== null && html`<a class="button" rel="next" href="?after=${nextCursor}">${labels.next}</a>`}
</nav>`
}
