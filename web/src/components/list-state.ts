import { html, nothing, type TemplateResult } from 'lit'
import type { QueryProblem } from '../data/query.ts'
import { words } from './messages.ts'

type List = {
  problem: QueryProblem | null
  items: readonly unknown[] | null
  hasMore: boolean
  isLoading: boolean
  more(): void
  refresh(): void
}

/** What stands below a list: the button for more, or a notice when reading it failed. */
export function listEnd(list: List): TemplateResult | typeof nothing {
  if (list.problem) return problemNotice(list.problem, () => list.refresh(), list.items !== null)
  if (!list.hasMore) return nothing
  return html`<moblog-more ?waiting=${list.isLoading} @moblog-more=${() => list.more()}></moblog-more>`
}

/**
 * Says that new data could not be read.
 *
 * @param isKept whether the screen shows what the device has kept
 */
export function problemNotice(problem: QueryProblem, retry: () => void, isKept = false): TemplateResult {
  const { nothingKept, offline, unreachable, retry: label } = words()
  const text = isKept ? offline : nothingKept
  return html`<div class="problem" role="status">
    <p>${problem === 'offline' ? text : unreachable}</p>
    <button type="button" class="button quiet" @click=${retry}>${label}</button>
  </div>`
}
