import { AsyncResource } from 'node:async_hooks'
import type pg from 'pg'
import { counter, gauge, histogram, isMeasuring, REQUEST_SECONDS } from '../observability/metrics.ts'
import { isTracing, startLeaf } from '../observability/tracing.ts'

type Given = readonly unknown[]
type Call = (...given: Given) => unknown

const durations = histogram({
  name: 'moblog_sql_statement_duration_seconds',
  help: 'Duration of SQL statements, without the wait for a connection, by PostgreSQL schema.',
  labels: ['schema'],
  buckets: REQUEST_SECONDS,
})
const failures = counter({
  name: 'moblog_sql_statement_failures_total',
  help: 'SQL statements that failed, by PostgreSQL schema.',
  labels: ['schema'],
})

const pools = new Map<pg.Pool, string>()

gauge({
  name: 'moblog_sql_pool_connections',
  help: 'Database connections by PostgreSQL schema and state; "waiting" are requests for a connection.',
  labels: ['schema', 'state'],
  read() {
    const totals = new Map<string, { busy: number; idle: number; waiting: number }>()
    for (const [pool, schema] of pools) {
      if (pool.ended) {
        pools.delete(pool)
        continue
      }
      const { busy, idle, waiting } = totals.get(schema) ?? { busy: 0, idle: 0, waiting: 0 }
      totals.set(schema, {
        busy: busy + pool.totalCount - pool.idleCount,
        idle: idle + pool.idleCount,
        waiting: waiting + pool.waitingCount,
      })
    }
    return [...totals].flatMap(([schema, states]) =>
      Object.entries(states).map(([state, value]) => ({ labels: { schema, state }, value })),
    )
  },
})

/**
 * Counts and times the statements of a pool, and puts them into traces. If metrics and traces are off when the pool is
 * created, the pool stays as it is.
 */
export function observePool(pool: pg.Pool, schema: string): void {
  if (!isMeasuring() && !isTracing()) return
  pools.set(pool, schema)
  pool.on('connect', (client) => wrap(client, 'query', (query) => observedQuery(query, schema)))
  // The pool calls waiting requests from the request that returns a connection, whose span is another one.
  if (isTracing())
    wrap(
      pool,
      'connect',
      (connect) =>
        (...given) =>
          connect(...given.map(boundToRequest)),
    )
}

/** Replaces a method of one object. */
function wrap(object: object, method: string, wrapper: (original: Call) => Call): void {
  const original: unknown = Reflect.get(object, method)
  if (typeof original !== 'function') throw new Error(`this version of pg has no method ${method}`)
  Object.defineProperty(object, method, {
    value: wrapper((...given) => Reflect.apply(original, object, given)),
    configurable: true,
    writable: true,
  })
}

function boundToRequest(value: unknown): unknown {
  if (typeof value !== 'function') return value
  const request = new AsyncResource('wait for a connection')
  return (...given: Given) => request.runInAsyncScope(() => value(...given))
}

/** pg answers with a callback if the last argument is one, and with a promise otherwise. */
function observedQuery(query: Call, schema: string): Call {
  return (...given) => {
    const startedAt = performance.now()
    const span = isTracing() ? startLeaf(...describe(given[0], schema)) : null
    const end = (error?: unknown) => {
      durations.observe({ schema }, (performance.now() - startedAt) / 1000)
      if (error) failures.add({ schema })
      span?.end(error || undefined)
    }
    const callback = given.at(-1)
    if (typeof callback === 'function') {
      return query(...given.slice(0, -1), (error: unknown, ...rest: Given) => {
        end(error)
        callback(error, ...rest)
      })
    }
    const result = query(...given)
    if (result instanceof Promise) {
      result.then(
        () => end(),
        (error) => end(error),
      )
    } else end()
    return result
  }
}

const TABLE = /\b(?:from|into|update)\s+(?:only\s+)?(?:"?\w+"?\.)?"?(\w+)/i

// The text of a statement stays out of traces, because handwritten statements may hold values.
function describe(statement: unknown, schema: string): Parameters<typeof startLeaf> {
  const text = typeof statement === 'string' ? statement : textOf(statement)
  const operation = /^\s*(\w+)/.exec(text)?.[1]?.toUpperCase() ?? 'SQL'
  const table = TABLE.exec(text)?.[1]
  return [
    table ? `${operation} ${table}` : operation,
    'client',
    { 'db.system.name': 'postgresql', 'db.namespace': schema, 'db.operation.name': operation },
  ]
}

function textOf(statement: unknown): string {
  const isQuery = typeof statement === 'object' && statement !== null && 'text' in statement
  return isQuery && typeof statement.text === 'string' ? statement.text : ''
}
