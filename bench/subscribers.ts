import { Agent, type IncomingMessage, request } from 'node:http'
import { eventually } from '../testing/eventually.ts'

/** Many clients, each with its own event stream. */
export type Subscribers = {
  /** Waits until each client has received its next event. Resolves to the times, by `performance.now()`. */
  next(): Promise<number[]>
  close(): void
}

const WITHIN_MS = 60_000

/**
 * Subscribes with each token, and waits until every stream has sent its first position.
 *
 * @param query a subscription
 */
export async function openSubscribers(
  url: string,
  tokens: readonly string[],
  query: string,
): Promise<Subscribers> {
  const agent = new Agent({ maxSockets: Number.POSITIVE_INFINITY })
  const body = JSON.stringify({ query })
  const arrivals: number[][] = tokens.map(() => [])
  let begun = 0
  const responses: IncomingMessage[] = []

  const open = (token: string, index: number) =>
    new Promise<void>((resolve, reject) => {
      const sent = request(url, {
        agent,
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'text/event-stream',
          authorization: `Bearer ${token}`,
        },
      })
      sent.once('error', reject)
      sent.once('response', (response) => {
        responses.push(response)
        response.setEncoding('utf8').on('error', () => {})
        response.on('data', (text: string) => {
          if (text.includes('event: next')) arrivals[index]?.push(performance.now())
          else if (text.includes('id: ')) begun++
        })
        resolve()
      })
      sent.end(body)
    })
  for (let from = 0; from < tokens.length; from += 50) {
    await Promise.all(tokens.slice(from, from + 50).map((token, index) => open(token, from + index)))
  }
  await eventually(() => begun === tokens.length, WITHIN_MS)
  let seen = 0
  return {
    async next() {
      seen++
      await eventually(() => arrivals.every((times) => times.length >= seen), WITHIN_MS)
      return arrivals.map((times) => times[seen - 1] ?? 0)
    },
    close() {
      for (const response of responses) response.destroy()
      agent.destroy()
    },
  }
}
