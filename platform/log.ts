import pino from 'pino'
import { scopeFields } from './observability/request-scope.ts'
import { readShare } from './worker-share.ts'

/** A structured log. The first argument holds the fields, the second the message. */
export type Log = Pick<pino.Logger, 'debug' | 'info' | 'warn' | 'error'>

// Secrets must not be usable if they get into a log line by accident. Tokens, keys and passwords are removed by field
// name, and addresses that contain tokens are cleaned with `withoutToken`.
const SECRET_FIELDS = ['authorization', 'token', 'accessToken', 'refreshToken', 'key', 'password', 'cookie']

/**
 * Creates the log of one service: JSON lines on standard output. Lines that are written for a request have its id. If
 * several workers run, each line has the worker's number.
 *
 * @param service the name that appears in every line
 * @param level `debug`, `info`, `warn`, `error` or `silent`
 */
export function createLog(service: string, level: string): Log {
  const share = readShare(process.env)
  return pino({
    level,
    base: { service, ...(share && { worker: share.index + 1 }) },
    mixin: scopeFields,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: {
      paths: SECRET_FIELDS.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]),
      censor: '[secret]',
    },
    serializers: { err: errorFields },
  })
}

// Libraries attach what an error was about: whole connections with their keys, statements, values. All of that is left out.
const ERROR_FIELDS = ['type', 'message', 'stack', 'code', 'syscall', 'severity', 'table', 'constraint']

function errorFields(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  const fields = Object.entries(pino.stdSerializers.err(error))
  return {
    ...Object.fromEntries(fields.filter(([name]) => ERROR_FIELDS.includes(name))),
    ...(error instanceof AggregateError && { aggregateErrors: error.errors.map(errorFields) }),
  }
}

/** Returns an address that is safe to log: path segments and query values that look like a JWT are replaced. */
export function withoutToken(address: string): string {
  return address.replace(/[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,}/g, '[token]')
}
