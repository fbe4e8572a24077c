import { setTimeout as sleep } from 'node:timers/promises'
import { operationText } from '../../scripts/client/operations.ts'

/** An event of a stream, with the id after which a client continues when the stream breaks. */
export type StreamedEvent = { event: string; id: string | null; data: string; at: number }

/** A client of an event stream (HTML Living Standard §9.2). */
export type EventStream = {
  status: number
  /** The events so far. */
  events: StreamedEvent[]
  /** Returns the `notificationReceived` of each event so far. */
  received(): Received[]
  /** Waits until this number of notifications has arrived. */
  until(count: number, withinMs?: number): Promise<Received[]>
  /** Returns the newest id that the stream has sent, for the header `Last-Event-ID`. */
  lastEventId(): string | null
  /** Resolves when the server has ended the stream or the connection has broken. */
  ended: Promise<void>
  close(): void
}

/** A notification. The test knows its shape, because it wrote the selection. */
export type Received = { __typename: string; id: string; [field: string]: unknown }

/** Subscribes to a user's notifications, by default with the mobile client's operation. */
export async function subscribe(
  url: string,
  options: { accessToken?: string; query?: string; lastEventId?: string | null } = {},
): Promise<EventStream> {
  const { accessToken, lastEventId = null, query = operationText('notification-received') } = options
  const closing = new AbortController()
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'text/event-stream',
      ...(accessToken && { authorization: `Bearer ${accessToken}` }),
      ...(lastEventId !== null && { 'last-event-id': lastEventId }),
    },
    body: JSON.stringify({ query }),
    signal: closing.signal,
  })
  const events: StreamedEvent[] = []
  let last = lastEventId
  const read = async () => {
    let text = ''
    for await (const chunk of response.body ?? []) {
      text += Buffer.from(chunk).toString()
      const blocks = text.split('\n\n')
      text = blocks.pop() ?? ''
      for (const block of blocks) {
        const { id, event, data } = fields(block)
        last = id ?? last
        if (data !== null) events.push({ event: event ?? 'message', id: last, data, at: performance.now() })
      }
    }
  }
  const stream: EventStream = {
    status: response.status,
    events,
    received: () =>
      events.flatMap(({ event, data }) => {
        const result = event === 'next' ? JSON.parse(data).data?.notificationReceived : null
        return result ? [result] : []
      }),
    async until(count, withinMs = 5_000) {
      for (const deadline = performance.now() + withinMs; stream.received().length < count; await sleep(5)) {
        if (performance.now() > deadline)
          throw new Error(`expected ${count} events, received ${JSON.stringify(events)}`)
      }
      return stream.received()
    },
    lastEventId: () => last,
    ended: read().catch(() => {}),
    close: () => closing.abort(),
  }
  return stream
}

function fields(block: string): { id: string | null; event: string | null; data: string | null } {
  const value = (name: string) => {
    const lines = block.split('\n').filter((line) => line.startsWith(`${name}:`))
    return lines.length === 0 ? null : lines.map((line) => line.slice(name.length + 1).trimStart()).join('\n')
  }
  return { id: value('id'), event: value('event'), data: value('data') }
}
