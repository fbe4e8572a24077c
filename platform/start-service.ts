import type { LimitWrite } from './allowances/write-limits.ts'
import type { Viewer } from './identity/caller.ts'
import { type RecurringJob, startJobs, UNTIL_DONE } from './jobs/jobs.ts'
import type { Log } from './log.ts'
import { assemble, type Module } from './module.ts'
import { openOutbox } from './outbox/outbox.ts'
import type { Service } from './service.ts'
import type { ViewerContext } from './subgraph/guard.ts'
import { createInternalApi } from './subgraph/internal-api.ts'
import { createSubgraph } from './subgraph/subgraph.ts'
import { WHOLE, type WorkerShare } from './worker-share.ts'

/** The parts of a service. */
export type ServiceParts<Context extends ViewerContext> = {
  name: string
  /** The schema of the subgraph. */
  typeDefs: string
  /** The schema of the internal API. */
  internalTypeDefs: string
  /** Each after those that it depends on. */
  modules: readonly Module[]
  /** Creates the context of a viewer's requests. */
  context: (caller: Viewer) => Context
  /** Counts the mutations of viewers; null if the service does not limit mutations. */
  limitWrite: LimitWrite | null
  /** The database and the PostgreSQL schema of the service's outbox. */
  outbox: { url: string; schema: string }
  /** The share of this process; without it, the process does all the work. */
  share?: WorkerShare | undefined
  log: Log
  /** What all modules use, such as the database; it is closed last. */
  resources: { ready(): Promise<void>; close(): Promise<void> }
}

/** Starts a service that consists of modules: delivers its outbox messages and runs its jobs until it is stopped. */
export async function startService<Context extends ViewerContext>(
  parts: ServiceParts<Context>,
): Promise<Service> {
  const { name, typeDefs, internalTypeDefs, context, limitWrite, log, resources, share = WHOLE } = parts
  const assembled = assemble(parts.modules)
  const outbox = await openOutbox({ ...parts.outbox, log, handlers: assembled.outboxHandlers })
  const { resolvers, internalResolvers } = assembled
  const subgraph = createSubgraph({ name, typeDefs, resolvers, context, limitWrite, log })
  const internal = createInternalApi({
    name,
    typeDefs: internalTypeDefs,
    resolvers: internalResolvers,
    context: (caller) => ({ caller }),
    log,
  })
  const jobs = startJobs(assembled.jobs.filter(runsIn(share)), log)
  return {
    subgraph,
    internal,
    routes: assembled.routes,
    ...(assembled.feed && { feed: assembled.feed }),
    async ready() {
      await Promise.all([resources.ready(), assembled.ready()])
    },
    async stop() {
      await jobs.stop()
      await assembled.stop()
      await outbox.stop()
      await resources.close()
    },
  }
}

// One worker is enough for housekeeping. If it ends, the worker that replaces it goes on.
function runsIn({ index }: WorkerShare) {
  return ({ everyMs, inEveryProcess = false }: RecurringJob) =>
    index === 0 || inEveryProcess || everyMs === UNTIL_DONE
}
