import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { z } from 'zod'

/** A span that a program has sent. */
export type ReceivedSpan = {
  service: string
  name: string
  traceId: string
  spanId: string
  /** Empty for the first span of a trace. */
  parentSpanId: string
}

/** An OpenTelemetry collector that keeps the spans that it receives. */
export type SpanReceiver = {
  /** The value of OTEL_EXPORTER_OTLP_ENDPOINT. */
  endpoint: string
  spans(): readonly ReceivedSpan[]
  close(): Promise<void>
}

// https://opentelemetry.io/docs/specs/otlp/#otlphttp
const request = z.object({
  resourceSpans: z.array(
    z.object({
      resource: z.object({
        attributes: z.array(
          z.object({ key: z.string(), value: z.object({ stringValue: z.string().default('') }) }),
        ),
      }),
      scopeSpans: z.array(
        z.object({
          spans: z.array(
            z.object({
              name: z.string(),
              traceId: z.string(),
              spanId: z.string(),
              parentSpanId: z.string().default(''),
            }),
          ),
        }),
      ),
    }),
  ),
})

/** Starts a receiver of spans: OTLP over HTTP, as JSON. */
export async function startSpanReceiver(): Promise<SpanReceiver> {
  const received: ReceivedSpan[] = []
  const server = createServer(async (incoming, response) => {
    const { resourceSpans } = request.parse(JSON.parse(await textOf(incoming)))
    for (const { resource, scopeSpans } of resourceSpans) {
      const name = resource.attributes.find(({ key }) => key === 'service.name')
      const service = name?.value.stringValue ?? ''
      for (const { spans } of scopeSpans) received.push(...spans.map((span) => ({ service, ...span })))
    }
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans: () => received,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function textOf(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}
