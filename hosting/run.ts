import { ConfigError } from '../platform/config.ts'
import type { Log } from '../platform/log.ts'

/** Something that runs until it is stopped. */
export type Running = { stop(): Promise<void>; log: Log }

// Whoever stops a service (a terminal, systemd, Kubernetes) expects it to be gone within 10 s.
const STOP_WITHIN_MS = 9_500

/**
 * Runs a program until SIGTERM or SIGINT, then stops it cleanly. A second signal, or a stop that takes too long, ends
 * it at once. Ends the process with 2 when the configuration is wrong, with 1 when starting or stopping fails.
 */
export async function run(start: () => Promise<Running>): Promise<void> {
  // A signal that arrives while starting is honoured as soon as there is something to stop.
  const signalled = new Promise<NodeJS.Signals>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve(signal))
  })
  const running = await start().catch(refuse)
  const signal = await signalled
  for (const again of ['SIGTERM', 'SIGINT'] as const) process.once(again, () => process.exit(1))
  running.log.info({ signal }, 'stopping')
  setTimeout(() => {
    running.log.error({}, 'stopping took too long')
    process.exit(1)
  }, STOP_WITHIN_MS).unref()
  try {
    await running.stop()
    running.log.info({}, 'stopped')
    process.exit(0)
  } catch (error) {
    running.log.error({ err: error }, 'stopping failed')
    process.exit(1)
  }
}

function refuse(error: unknown): never {
  if (error instanceof ConfigError) {
    process.stderr.write(`${error.message}\n`)
    process.exit(2)
  }
  process.stderr.write(`Moblog could not start: ${error instanceof Error ? error.stack : String(error)}\n`)
  process.exit(1)
}
