/**
 * The launcher: a small process that starts and supervises media tools for the service. It ends with the service, and with
 * it all that it has started, because the standard input of each command closes.
 */
import { type Course, carryOut } from './carry-out.ts'
import type { Order, Report, Request } from './launcher-messages.ts'

const stops = new Map<number, AbortController>()

process.once('disconnect', () => process.exit())
process.on('message', (request: Request) => {
  if ('stop' in request) stops.get(request.stop)?.abort()
  else void run(request.run, request.order, request.wantsOutput)
})

async function run(run: number, order: Order, wantsOutput: boolean): Promise<void> {
  const stop = new AbortController()
  stops.set(run, stop)
  const course: Course = {
    signal: stop.signal,
    onOutput: wantsOutput ? (output) => report({ run, output }) : undefined,
  }
  void report({ run, isAccepted: true })
  try {
    await report({ run, finished: await carryOut(order, course) })
  } catch (error) {
    await report({ run, problem: error instanceof Error ? error.message : String(error) })
  } finally {
    stops.delete(run)
  }
}

/** Resolves when the message has left this process. Without the service, nobody wants to know. */
function report(message: Report): Promise<void> {
  return new Promise((resolve) => {
    process.send?.(message, () => resolve())
  })
}
