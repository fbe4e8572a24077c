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
export function problemNotice(problem: Problem, retry: () => void, isKept = false): TemplateResult {
  const { noAnswer, nothingKept, offline, outdated, reload, retry: label } = words()
  const text = { failed: noAnswer, offline: isKept ? offline : nothingKept, outdated }[problem]
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
