import { Agent, request } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { readAnswer } from './client.ts'
import { type DataOf, operationText } from './operations.ts'

/** What `uploadMedia` needs, and the bytes as they come. */
export type StreamedFile = { uploadId: string; key: string; mimeType: string; bytes: Readable }

/** What is answered, and how many bytes had been handed over by then. */
export type StreamedAnswer = {
  status: number
  result: DataOf<'upload-media'>['uploadMedia'] | null
  errors: unknown[]
  sentBytes: number
}

const BOUNDARY = 'moblog-test-boundary'

/** Sends a file of any size as a GraphQL multipart request, without its length, as it streams. */
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
  // Kept alive, as clients do: else the server hangs up as soon as it has answered, and its answer may not be read.
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
  // A refusal arrives while bytes are still being sent: what counts then is the answer, not the broken stream.
  const sending = pipeline(Readable.from(body(), { objectMode: false }), call).catch(() => {})
  const { status, data, errors } = await readAnswer<DataOf<'upload-media'>>(await answer)
  const sentByThen = sentBytes
  file.bytes.destroy()
  await sending
  agent.destroy()
  return { status, result: data?.uploadMedia ?? null, errors, sentBytes: sentByThen }
}
