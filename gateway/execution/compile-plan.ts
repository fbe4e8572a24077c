import type { FetchNode, PlanNode } from '@apollo/query-planner'
import { failure } from './fetch-errors.ts'
import { type Execution, entityFetch, type FetchDeps, rootFetch } from './fetches.ts'
import type { Path } from './positions.ts'

/** Runs a step of a plan. A failed fetch is recorded in the errors, and the other steps go on. */
export type Step = (execution: Execution) => Promise<void>

/**
 * Compiles a query plan into a function that runs it.
 *
 * @param path where the step's data is placed in the response
 * @returns null if the plan has steps that only @apollo/gateway can run: rewrites of data, @defer
 */
export function compilePlan(deps: FetchDeps, node: PlanNode, path: Path = []): Step | null {
  switch (node.kind) {
    case 'Sequence': {
      const steps = compileAll(deps, node.nodes, path)
      if (!steps) return null
      return async (execution) => {
        for (const step of steps) await step(execution)
      }
    }
    case 'Parallel': {
      const steps = compileAll(deps, node.nodes, path)
      return steps && (async (execution) => void (await Promise.all(steps.map((step) => step(execution)))))
    }
    case 'Flatten':
      return compilePlan(deps, node.node, [...path, ...node.path])
    case 'Condition': {
      const { condition, ifClause, elseClause } = node
      const ifTrue = ifClause ? compilePlan(deps, ifClause, path) : nothing
      const ifFalse = elseClause ? compilePlan(deps, elseClause, path) : nothing
      if (!ifTrue || !ifFalse) return null
      return (execution) => (execution.variables[condition] ? ifTrue : ifFalse)(execution)
    }
    case 'Fetch':
      return compileFetch(deps, node, path)
    case 'Defer':
      return null
  }
}

const nothing: Step = async () => {}

function compileAll(deps: FetchDeps, nodes: readonly PlanNode[], path: Path): Step[] | null {
  const steps = nodes.map((node) => compilePlan(deps, node, path))
  return steps.every((step) => step !== null) ? steps : null
}

function compileFetch(deps: FetchDeps, node: FetchNode, path: Path): Step | null {
  if (node.inputRewrites?.length || node.outputRewrites?.length || node.contextRewrites?.length) return null
  const { run, places } = node.requires ? entityFetch(deps, node, path) : rootFetch(deps, node, path)
  return async (execution) => {
    try {
      await run(execution)
    } catch (error) {
      const failed = failure(error, node.serviceName)
      // At once, because the order of the errors is that in which the fetches failed.
      execution.errors.push(failed)
      await execution.context.work.restAfterFailure()
      failed.places = await places(execution)
    }
  }
}
