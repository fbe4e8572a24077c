/**
 * The cause of a failed statement: a value that PostgreSQL cannot represent, a row that refers to one that another
 * request has just deleted, or a database that does not answer. All other errors are bugs in this product, for which
 * `databaseFault` returns null.
 */
export type DatabaseFault = 'invalid value' | 'deleted meanwhile' | 'unavailable'

// SQLSTATE class 22, data exceptions. Division by zero (22012) is excluded, because no client value causes it:
// https://www.postgresql.org/docs/current/errcodes-appendix.html
const DATA_EXCEPTION = /^22(?!012)[0-9A-Z]{3}$/
// Prisma's codes and kinds for the same errors.
const INVALID_VALUE = new Set(['P2007', 'P2020', 'P2023', 'InvalidInputValue', 'ValueOutOfRange'])

// Foreign key violations: the SQLSTATE, Prisma's code and its kind.
const DELETED_MEANWHILE = new Set(['23503', 'P2003', 'ForeignKeyConstraintViolation'])

const UNAVAILABLE = new Set([
  // Shutting down, crashed, starting or recovering; too many connections; read-only during a failover.
  ...['57P01', '57P02', '57P03', '53300', '25006'],
  ...[
    'ECONNREFUSED',
    // The Unix socket of a PostgreSQL that does not run.
    'ENOENT',
    'ECONNRESET',
    'ENOTFOUND',
    'EAI_AGAIN',
    'EPIPE',
    'ETIMEDOUT',
    'EHOSTUNREACH',
    'ENETUNREACH',
  ],
  ...['P1001', 'P1002', 'P1008', 'P1017', 'P2024', 'P2028'],
  ...['DatabaseNotReachable', 'ConnectionClosed', 'SocketTimeout', 'TooManyConnections'],
])

// Errors that pg throws without a code.
const UNAVAILABLE_MESSAGES = [
  /^timeout exceeded when trying to connect$/,
  /^Connection terminated\b/,
  /^Client has encountered a connection error and is not queryable$/,
  /^Cannot use a pool after calling end on the pool$/,
  // Prisma passes on nothing else that tells a stale plan.
  /^cached plan must not change result type$/,
]

// A migration changed a column while the statement was prepared. The pool closes the connection, so the next attempt works. Its
// message has the language of the server, and its code has other meanings too.
const STALE_PLAN = { code: '0A000', routine: 'RevalidateCachedQuery' }

const MAX_DEPTH = 8

/**
 * Finds the cause of a failure, also if other errors wrap the driver's error. Returns null if it is not a fault of the
 * database or of a value.
 */
export function databaseFault(error: unknown, depth = 0): DatabaseFault | null {
  if (typeof error !== 'object' || error === null || depth > MAX_DEPTH) return null
  const {
    code,
    originalCode,
    kind,
    message,
    routine,
    cause,
    originalError,
    meta,
    driverAdapterError,
    errors,
  } = error as Record<string, unknown>
  for (const name of [originalCode, code, kind]) {
    if (typeof name !== 'string') continue
    if (INVALID_VALUE.has(name) || DATA_EXCEPTION.test(name)) return 'invalid value'
    if (DELETED_MEANWHILE.has(name)) return 'deleted meanwhile'
    // Class 08: connection exceptions.
    if (UNAVAILABLE.has(name) || /^08[0-9A-Z]{3}$/.test(name)) return 'unavailable'
  }
  if (code === STALE_PLAN.code && routine === STALE_PLAN.routine) return 'unavailable'
  if (typeof message === 'string' && UNAVAILABLE_MESSAGES.some((text) => text.test(message)))
    return 'unavailable'
  const wrapped = [cause, originalError, meta, driverAdapterError, ...(Array.isArray(errors) ? errors : [])]
  for (const inner of wrapped) {
    const fault = databaseFault(inner, depth + 1)
    if (fault) return fault
  }
  return null
}
