import type { Feed } from './feed/feed.ts'
import type { Route } from './http/routes.ts'
import type { RecurringJob } from './jobs/jobs.ts'
import type { Handler, Topic } from './outbox/deliveries.ts'

/** Resolvers by type and field. A type without fields, such as a scalar, has one value. */
export type ResolverMap = Readonly<Record<string, object>>

/**
 * A capability of a service, in one folder. The folder's `module.ts` creates it, and is the only file that knows how
 * the parts in the folder depend on each other and on other modules.
 */
export type Module = {
  /** Resolvers of fields that viewers may ask for. */
  resolvers?: ResolverMap
  /** Resolvers of the internal API, which only other services may call. */
  internalResolvers?: ResolverMap
  /** Public routes beside the GraphQL address. */
  routes?: readonly Route[]
  /** Handlers of outbox messages, by topic. */
  outboxHandlers?: Readonly<Record<string, Handler | Topic>>
  jobs?: readonly RecurringJob[]
  /** Reports which users have something new. Only one module of a service may have a feed. */
  feed?: Feed
  /** Rejects while the module cannot do its work. */
  ready?(): Promise<void>
  /** Finishes current work and releases the module's resources. The modules that it depends on still run. */
  stop?(): Promise<void>
}

/** All modules of a service as one. */
export type Assembled = Required<Omit<Module, 'feed'>> & { feed: Feed | null }

/**
 * Combines the modules of a service.
 *
 * @param modules each after those that it depends on; they stop in reverse order
 * @throws Error if two modules define the same field, topic, path or job
 */
export function assemble(modules: readonly Module[]): Assembled {
  const routes = modules.flatMap(({ routes = [] }) => routes)
  const jobs = modules.flatMap(({ jobs = [] }) => jobs)
  const feeds = modules.flatMap(({ feed = [] }) => feed)
  requireUnique(
    'path',
    routes.map(({ path }) => path),
  )
  requireUnique(
    'job',
    jobs.map(({ name }) => name),
  )
  if (feeds.length > 1) throw new Error('Two modules define a feed. Define it in one of them.')
  return {
    resolvers: mergeResolvers(modules.map(({ resolvers = {} }) => resolvers)),
    internalResolvers: mergeResolvers(modules.map(({ internalResolvers = {} }) => internalResolvers)),
    routes,
    outboxHandlers: mergeHandlers(modules.map(({ outboxHandlers = {} }) => outboxHandlers)),
    jobs,
    feed: feeds[0] ?? null,
    async ready() {
      await Promise.all(modules.map((module) => module.ready?.()))
    },
    async stop() {
      for (const module of modules.toReversed()) await module.stop?.()
    },
  }
}

/**
 * Merges resolvers field by field.
 *
 * @throws Error if a field is defined twice
 */
export function mergeResolvers(maps: readonly ResolverMap[]): ResolverMap {
  const merged: Record<string, object> = {}
  for (const [type, resolvers] of maps.flatMap((map) => Object.entries(map))) {
    const known = merged[type]
    if (known && !(hasFields(known) && hasFields(resolvers))) throw definedTwice('type', type)
    const twice = Object.keys(resolvers).find((field) => known && Object.hasOwn(known, field))
    if (twice !== undefined) throw definedTwice('field', `${type}.${twice}`)
    merged[type] = known ? { ...known, ...resolvers } : resolvers
  }
  return merged
}

// Scalars are instances of a class.
function hasFields(resolvers: object): boolean {
  return Object.getPrototypeOf(resolvers) === Object.prototype
}

function mergeHandlers(maps: readonly NonNullable<Module['outboxHandlers']>[]) {
  const handlers = maps.flatMap((map) => Object.entries(map))
  requireUnique(
    'topic',
    handlers.map(([topic]) => topic),
  )
  return Object.fromEntries(handlers)
}

function requireUnique(kind: string, names: readonly string[]): void {
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) throw definedTwice(kind, twice)
}

function definedTwice(kind: string, name: string): Error {
  return new Error(`The ${kind} ${name} is defined by two modules. Define it in one of them.`)
}
