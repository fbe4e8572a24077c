import { z } from 'zod'

/** The environment variables are not a valid configuration. The message lists every problem, one per line. */
export class ConfigError extends Error {
  override name = 'ConfigError'
}

/**
 * Reads a configuration from environment variables, once, at start.
 *
 * @param schema has one entry per variable; its keys are the names of the variables
 * @param env usually `process.env`; empty strings count as unset
 * @throws ConfigError that names each invalid variable and the reason
 */
export function readConfig<Shape extends z.ZodRawShape>(
  schema: z.ZodObject<Shape>,
  env: NodeJS.ProcessEnv,
): z.infer<z.ZodObject<Shape>> {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''))
  const result = schema.safeParse(given)
  if (result.success) return result.data
  const problems = result.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`)
  throw new ConfigError(`The configuration can't be used:\n${problems.join('\n')}`)
}

const PORT_RULE = 'must be a port number from 0 to 65535'

/** A TCP port; 0 lets the system choose one. */
export const port = z.coerce.number(PORT_RULE).int(PORT_RULE).min(0, PORT_RULE).max(65_535, PORT_RULE)

/** An absolute http or https address to which paths can be appended. Slashes at the end are removed. */
export const httpUrl = z
  .url({ protocol: /^https?$/, error: 'must be an http or https address' })
  .refine(
    (address) => !/[?#]/.test(address),
    'must be an address without ? and #, because paths are appended to it',
  )
  .transform((address) => address.replace(/\/+$/, ''))

/** A whole number of bytes, with or without a unit: `500`, `20MiB`, `1.5GiB`. */
export const byteCount = z
  .string()
  .regex(/^\d+(\.\d+)?\s*([KMGT]i?B?|B)?$/i, 'must be a number of bytes such as 1048576, 20MiB or 1.5GiB')
  .transform((text) => {
    const [, number = '0', unit = ''] = /^([\d.]+)\s*([KMGT]?)/i.exec(text) ?? []
    return Math.floor(Number(number) * 1024 ** (unit ? 1 + 'KMGT'.indexOf(unit.toUpperCase()) : 0))
  })

/** A whole number, `least` or larger. */
export const wholeNumber = (least: number) => {
  const rule = `must be a whole number, ${least} or more`
  return z.coerce.number(rule).int(rule).min(least, rule)
}

/** A number greater than 0. `unit` is for the error message. */
export const positiveNumber = (unit: string) => {
  const rule = `must be a number of ${unit} greater than 0`
  return z.coerce.number(rule).positive(rule)
}

/** A number of seconds, greater than 0. */
export const seconds = positiveNumber('seconds')

/** `true`, `1`, `yes`, `on` or their opposites. */
export const flag = z.stringbool()

/** The address of a PostgreSQL database. */
export const postgresUrl = z.url({
  protocol: /^postgres(ql)?$/,
  error: 'must be a postgresql:// address',
})

/** The environment variables that every service reads. */
export const commonConfig = z.object({
  NODE_ENV: z
    .enum(['development', 'production', 'test'])
    .default('development')
    .describe('The mode; "production" turns introspection and Apollo Sandbox off.'),
  HOST: z
    .string()
    .default('::')
    .describe('The interface to listen on: :: for all, 127.0.0.1 for this machine only.'),
  LOG_LEVEL: z
    .enum(['debug', 'info', 'warn', 'error', 'silent'])
    .default('info')
    .describe('The lowest log level to write: debug, info, warn, error or silent.'),
  MOBLOG_DATA_DIR: z
    .string()
    .default('.moblog')
    .describe('The folder for all data: keys, media and the embedded database.'),
  TRUSTED_PROXIES: wholeNumber(0)
    .default(0)
    .describe(
      'The number of trusted proxies in front of the gateway, storage and blog; their X-Forwarded-For gives client addresses.',
    ),
  MAX_CONNECTIONS: wholeNumber(1)
    .optional()
    .describe('The maximum number of connections per process; half of the open-file limit if unset.'),
  MAX_CONNECTIONS_PER_ADDRESS: wholeNumber(1)
    .optional()
    .describe(
      'The maximum number of connections per network address; if unset, half of MAX_CONNECTIONS, or all of them if TRUSTED_PROXIES is above 0.',
    ),
  METRICS_PORT: port
    .optional()
    .describe('The TCP port on which Prometheus reads the metrics of the process; unset turns metrics off.'),
  METRICS_HOST: z
    .string()
    .default('127.0.0.1')
    .describe('The interface of METRICS_PORT, which has no authentication: this machine only by default.'),
  OTEL_EXPORTER_OTLP_ENDPOINT: httpUrl
    .optional()
    .describe(
      'The address of an OpenTelemetry collector for traces (OTLP over HTTP); unset turns traces off.',
    ),
  WRITE_LIMIT_SCALE: z.coerce
    .number('must be a number')
    .min(0)
    .default(1)
    .describe('A factor for the mutations per minute and user; 0 turns these limits off.'),
  DATABASE_URL: postgresUrl
    .optional()
    .describe(
      'The address of a PostgreSQL server, 14 or later. If unset, an embedded PostgreSQL runs in the data folder.',
    ),
})
