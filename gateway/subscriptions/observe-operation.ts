import { requestIdOf } from '../../platform/observability/request-id.ts'
import {
  createScope,
  currentScope,
  noteErrorCode,
  type RequestScope,
  runInScope,
} from '../../platform/observability/request-scope.ts'
import type { FinishedOperation } from '../operation-reports.ts'
import type { Answer, StreamedResult } from './event-stream.ts'

/** Reports an operation that has ended: a line of the access log, and metrics. */
export type ReportOperation = (finished: FinishedOperation) => void

/**
 * Runs one of the operations of a connection that carries several. Each has a scope of its own, and is reported when its
 * result was sent or its stream has ended.
 *
 * @param protocol the name of the protocol, for the access log
 */
export async function observeOperation(
  report: ReportOperation,
  protocol: string,
  run: () => Promise<Answer>,
): Promise<Answer> {
  const outer = currentScope()
  const scope = createScope(outer?.requestId ?? requestIdOf(undefined), outer?.span ?? null)
  const startedAt = performance.now()
  const end = (isAborted: boolean) => {
    const { requestId, facts } = scope
    report({ requestId, protocol, facts, isAborted, durationMs: performance.now() - startedAt })
  }
  const answer = await runInScope(scope, run)
  if (Symbol.asyncIterator in answer) return observed(answer, scope, end)
  runInScope(scope, () => noteErrors(answer.errors))
  end(false)
  return answer
}

/** Reports a stream once, when it ends or its client ends it. */
function observed(
  answer: AsyncGenerator<StreamedResult>,
  scope: RequestScope,
  end: (isAborted: boolean) => void,
): AsyncGenerator<StreamedResult> {
  let isOver = false
  const endOnce = (isAborted: boolean) => {
    if (!isOver) end(isAborted)
    isOver = true
  }
  const next = async () => {
    const step = await runInScope(scope, () => answer.next())
    if (step.done) endOnce(false)
    else if (step.value.position === null) runInScope(scope, () => noteErrors(step.value.result?.errors))
    return step
  }
  return {
    next: () =>
      next().catch((error) => {
        endOnce(false)
        throw error
      }),
    return(value) {
      endOnce(true)
      return answer.return(value)
    },
    throw(error) {
      endOnce(true)
      return answer.throw(error)
    },
    [Symbol.asyncIterator]() {
      return this
    },
    async [Symbol.asyncDispose]() {
      await this.return(undefined)
    },
  }
}

function noteErrors(errors: readonly { extensions?: Record<string, unknown> }[] = []): void {
  for (const { extensions } of errors) noteErrorCode(String(extensions?.code))
}
