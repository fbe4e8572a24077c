import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** The requests to send. There are always `concurrency` requests under way. */
export type Load = {
  url: string
  /** The headers of each viewer. The viewers take turns. */
  viewers: readonly Readonly<Record<string, string>>[]
  /** The request's body. */
  body: string
  concurrency: number
  seconds: number
}

/** The result of a load. Latencies are in milliseconds. */
export type LoadResult = {
  /** The number of answers without errors. */
  requests: number
  /** The number of answers with errors and of broken connections. */
  failed: number
  perSecond: number
  p50: number
  p99: number
}

/** A load generator, which runs in a process of its own. */
export type LoadGenerator = {
  pid: number
  /** @throws Error if all answers have errors */
  run(load: Load): Promise<LoadResult>
  stop(): void
}

/** Starts the load generator. */
export function startLoadGenerator(): LoadGenerator {
  const child = fork(fileURLToPath(new URL('./load.ts', import.meta.url)))
  const ended = once(child, 'exit').then(() => {
    throw new Error('the load generator ended')
  })
  ended.catch(() => {})
  return {
    pid: child.pid ?? 0,
    async run(load) {
      child.send(load)
      const [answer] = (await Promise.race([once(child, 'message'), ended])) as [
        { result?: LoadResult; error?: string },
      ]
      if (!answer.result) throw new Error(answer.error)
      return answer.result
    },
    stop: () => {
      if (child.connected) child.disconnect()
    },
  }
}
