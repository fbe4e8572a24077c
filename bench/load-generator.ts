import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** What to send, and how hard: as many requests at a time as `concurrency`, each followed by the next. */
export type Load = {
  url: string
  /** The headers of the viewers, whose requests take turns. */
  viewers: readonly Readonly<Record<string, string>>[]
  /** The request's body. */
  body: string
  concurrency: number
  seconds: number
}

/** What came of it; latencies in milliseconds. */
export type LoadResult = {
  /** Answers that were success. */
  requests: number
  /** Answers that were not, and connections that broke. */
  failed: number
  perSecond: number
  p50: number
  p99: number
}

/** A load generator in a process of its own. */
export type LoadGenerator = {
  pid: number
  /** @throws Error if no answer is success */
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
