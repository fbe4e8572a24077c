import { z } from 'zod'

/** The share of one worker process in the work and the limits of the product. */
export type WorkerShare = {
  /** From 0. The first worker also does the work that must be done once, such as recurring jobs. */
  index: number
  /** How many workers there are. */
  count: number
  /** The most database connections in the pool of each service of this worker. */
  poolSize: number
  /** The folder in which the workers of this machine find each other. */
  relayFolder?: string | undefined
}

/** The share of a process that is not one of several workers. */
export const WHOLE: WorkerShare = { index: 0, count: 1, poolSize: 10 }

const VARIABLE = 'MOBLOG_WORKER'
const schema = z.object({
  index: z.int().min(0),
  count: z.int().min(1),
  poolSize: z.int().min(1),
  relayFolder: z.string().optional(),
})

/** Returns the environment that gives a worker process its share. */
export function shareEnvironment(share: WorkerShare): Record<string, string> {
  return { [VARIABLE]: JSON.stringify(share) }
}

/** Reads the share that the primary process gave this process; null if this process is not a worker. */
export function readShare(env: NodeJS.ProcessEnv): WorkerShare | null {
  const text = env[VARIABLE]
  return text === undefined ? null : schema.parse(JSON.parse(text))
}

/**
 * Divides a limit of the product among its workers. Connections are distributed unevenly, so each worker gets at least
 * `least`, but never more than the whole limit.
 */
export function divided(limit: number, { count }: WorkerShare, least: number): number {
  return Math.min(limit, Math.max(least, Math.ceil(limit / count)))
}
