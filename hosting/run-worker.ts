import type { WorkerShare } from '../platform/worker-share.ts'
import { startAllInOne } from './all-in-one.ts'
import { run } from './run.ts'
import { createQueryReports } from './shared-queries.ts'
import { createStreamReports } from './shared-streams.ts'
import { createTurnRequests } from './shared-turns.ts'
import { type FromWorker, readToWorker } from './worker-messages.ts'
import { createWorkerRelay } from './worker-relay.ts'

/**
 * Runs the gateway and all services in a worker process, until the primary process tells it to stop. If the primary
 * process is killed, `node:cluster` ends the worker.
 */
export function runWorker(env: NodeJS.ProcessEnv, share: WorkerShare): Promise<void> {
  const send = (message: FromWorker) => {
    // Without a connection to the primary process, the worker is about to end.
    if (process.connected) process.send?.(message, undefined, undefined, () => {})
  }
  const streams = createStreamReports(send)
  const turns = createTurnRequests(send)
  const queries = createQueryReports(send)
  const told = new Promise<string>((resolve) => {
    process.on('message', (message) => {
      const order = readToWorker(message)
      if (order?.kind === 'stop') resolve('the primary process stops')
      else if (order) {
        streams.receive(order)
        turns.receive(order)
        queries.receive(order)
      }
    })
  })
  const start = async () => {
    const { index, relayFolder } = share
    const running = await startAllInOne(env, {
      share,
      limitStreams: streams.limitStreams,
      takeTurn: turns.takeTurn,
      sharedQueries: queries.sharedQueries,
      relay: relayFolder === undefined ? null : createWorkerRelay(relayFolder, index),
    })
    send({ kind: 'ready', port: running.port })
    return running
  }
  return run(start, told)
}
