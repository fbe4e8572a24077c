import { randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import { Upload } from 'graphql-upload-minimal'
import { collectYoungGeneration } from '../collect-young-generation.ts'
import type { GraphqlRequest } from './executor.ts'

const COLLECT_BYTES = 4 * 1024 ** 2

/** A streamed body and its content type. */
export type MultipartBody = {
  body: Readable
  contentType: string
  /** Whether a file did not arrive completely: its sender has disconnected or sent an invalid multipart request. */
  isCutOff(): boolean
}

/**
 * Creates the GraphQL multipart request that passes an operation's files on while they arrive. Nothing is stored, and a
 * slow reader slows the sender down.
 *
 * @returns null for an operation without files
 */
export function multipartBody(request: GraphqlRequest): MultipartBody | null {
  const files: { path: string; upload: Upload }[] = []
  const variables = withoutFiles(request.variables, 'variables', files)
  if (files.length === 0) return null
  const boundary = `moblog-${randomUUID()}`
  const operations = JSON.stringify({ ...request, variables })
  let isCutOff = false
  const cutOff = () => {
    isCutOff = true
  }
  return {
    body: Readable.from(parts(boundary, operations, files, cutOff), { objectMode: false }),
    contentType: `multipart/form-data; boundary=${boundary}`,
    isCutOff: () => isCutOff,
  }
}

async function* parts(
  boundary: string,
  operations: string,
  files: { path: string; upload: Upload }[],
  cutOff: () => void,
): AsyncGenerator<Buffer | string> {
  const map = Object.fromEntries(files.map(({ path }, index) => [index, [path]]))
  yield field(boundary, 'operations', operations)
  yield field(boundary, 'map', JSON.stringify(map))
  for (const [index, { upload }] of files.entries()) {
    try {
      const file = await upload.promise
      yield `--${boundary}\r\ncontent-disposition: form-data; name="${index}"; filename="${quoted(file.filename)}"\r\n`
      yield `content-type: ${quoted(file.mimetype)}\r\n\r\n`
      yield* collecting(file.createReadStream())
      yield '\r\n'
    } catch (error) {
      cutOff()
      throw error
    }
  }
  yield `--${boundary}--\r\n`
}

// Measured while passing on a file of 310 MiB: without this, the process needs 79 MiB more memory.
async function* collecting(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let uncollected = 0
  for await (const chunk of bytes) {
    yield chunk
    uncollected += chunk.length
    if (uncollected < COLLECT_BYTES) continue
    uncollected = 0
    collectYoungGeneration()
  }
}

function field(boundary: string, name: string, value: string): string {
  return `--${boundary}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`
}

// A file name is untrusted text in a header. Characters that could end the quotes or the line are encoded as browsers
// do.
function quoted(text: string): string {
  return text.replace(/["\r\n]/g, (character) => encodeURIComponent(character))
}

function withoutFiles(value: unknown, path: string, files: { path: string; upload: Upload }[]): unknown {
  if (value instanceof Upload) {
    files.push({ path, upload: value })
    return null
  }
  if (Array.isArray(value)) return value.map((item, index) => withoutFiles(item, `${path}.${index}`, files))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, withoutFiles(item, `${path}.${key}`, files)]),
  )
}

/** Whether one of the values is a file. */
export function holdsFile(value: unknown): boolean {
  if (value instanceof Upload) return true
  return typeof value === 'object' && value !== null && Object.values(value).some(holdsFile)
}
