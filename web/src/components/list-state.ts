import { html, nothing, type TemplateResult } from 'lit'
import type { Problem } from '../data/problem.ts'
import { words } from './messages.ts'

type List = {
  problem: Problem | null
  items: readonly unknown[] | null
  hasMore: boolean
  isLoading: boolean
  more(): void
  refresh(): void
}

/**
 * What stands below a list: the button for more, or a notice when reading it failed.
 *
 * @param nothingKept what it says without a connection if the device has nothing of the list
 */
export function listEnd(list: List, nothingKept?: string): TemplateResult | typeof nothing {
  if (list.problem)
    return problemNotice(list.problem, () => list.refresh(), list.items ? words().offline : nothingKept)
  if (!list.hasMore) return nothing
  return html`<moblog-more ?waiting=${list.isLoading} @moblog-more=${() => list.more()}></moblog-more>`
}

/**
 * Says that new data could not be read.
 *
 * @param offline what it says without a connection
 */
export function problemNotice(
  problem: Problem,
  retry: () => void,
  offline = words().nothingKept,
): TemplateResult {
  const { noAnswer, outdated, reload, retry: label } = words()
  const text = { failed: noAnswer, offline, outdated }[problem]
  const isOutdated = problem === 'outdated'
  return html`<div class="problem" role="status">
    <p>${text}</p>
    <button type="button" class="button quiet" @click=${isOutdated ? loadAgain : retry}>${isOutdated ? reload : label}</button>
  </div>`
}

async function loadAgain(): Promise<void> {
  const { loadNewVersion } = await import('../data/load-new-version.ts')
  await loadNewVersion()
}
