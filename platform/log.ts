import pino from 'pino'

/** Structured logging: the first argument holds fields, the second the sentence. */
export type Log = Pick<pino.Logger, 'debug' | 'info' | 'warn' | 'error'>

// Whatever ends up in a log line by accident must not be usable: tokens, keys and passwords are cut out by field name,
// and token-carrying addresses by `withoutToken`.
const SECRET_FIELDS = ['authorization', 'token', 'accessToken', 'refreshToken', 'key', 'password', 'cookie']

/**
 * Makes the log of one service: JSON lines on standard output.
 *
 * @param service the name that stands in every line
 * @param level `debug`, `info`, `warn`, `error` or `silent`
 */
export function createLog(service: string, level: string): Log {
  return pino({
    level,
    base: { service },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: {
      paths: SECRET_FIELDS.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]),
      censor: '[secret]',
    },
    serializers: { err: pino.stdSerializers.err },
  })
}

/** An address as it may be logged: path segments and query values that look like a JWT are cut out. */
export function withoutToken(address: string): string {
  return address.replace(/[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,}/g, '[token]')
}
