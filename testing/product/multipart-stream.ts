import { Agent, request } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { readAnswer } from '../../scripts/client/client.ts'
import { type DataOf, operationText } from '../../scripts/client/operations.ts'

/** The input of `uploadMedia`, with the bytes as a stream. */
export type StreamedFile = { uploadId: string; key: string; mimeType: string; bytes: Readable }

/** The response, and the number of bytes that had been sent when it arrived. */
export type StreamedAnswer = {
  status: number
  result: DataOf<'upload-media'>['uploadMedia'] | null
  errors: unknown[]
  sentBytes: number
}

const BOUNDARY = 'moblog-test-boundary'

/** Sends a file of any size as a streamed GraphQL multipart request without a length. */
export async function streamMultipart(url: string, file: StreamedFile): Promise<StreamedAnswer> {
  const { uploadId, key } = file
  const operations = {
    query: operationText('upload-media'),
    variables: { input: { uploadId, key, file: null } },
  }
  const part = (name: string, more = '') =>
    `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"${more}\r\n\r\n`
  const start = [
    `${part('operations')}${JSON.stringify(operations)}\r\n`,
    `${part('map')}{"0":["variables.input.file"]}\r\n`,
    part('0', `; filename="film"\r\nContent-Type: ${file.mimeType}`),
  ].join('')
  let sentBytes = 0
  async function* body() {
    yield Buffer.from(start)
    for await (const chunk of file.bytes) {
      sentBytes += chunk.length
      yield chunk
    }
    yield Buffer.from(`\r\n--${BOUNDARY}--\r\n`)
  }
  // Keeps the connection alive, as clients do. Otherwise the server closes it after the response, which may then be
  // lost.
  const agent = new Agent({ keepAlive: true })
  const call = request(url, {
    method: 'POST',
    agent,
    headers: {
      'content-type': `multipart/form-data; boundary=${BOUNDARY}`,
      'apollo-require-preflight': 'true',
    },
  })
  const answer = new Promise<Response>((resolve, reject) => {
    call.once('error', reject)
    call.once('response', (message) => {
      resolve(new Response(Readable.toWeb(message) as ReadableStream, { status: message.statusCode ?? 0 }))
    })
  })
  // An error response arrives while bytes are still being sent. Then the response counts, not the broken stream.
  const sending = pipeline(Readable.from(body(), { objectMode: false }), call).catch(() => {})
  const { status, data, errors } = await readAnswer<DataOf<'upload-media'>>(await answer)
  const sentByThen = sentBytes
  file.bytes.destroy()
  await sending
  agent.destroy()
  return { status, result: data?.uploadMedia ?? null, errors, sentBytes: sentByThen }
}
