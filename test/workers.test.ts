import { createHash, randomBytes } from 'node:crypto'
import type { ClientRequest, IncomingMessage } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { jest } from '@jest/globals'
import { createClient } from '../scripts/client/client.ts'
import { accessTo } from '../scripts/client/moblogs.ts'
import { operationText } from '../scripts/client/operations.ts'
import { type Person, signInAgain, signUp, signUpAll } from '../scripts/client/people.ts'
import { type Grant, requestUpload, storedMedia, uploadEnd } from '../scripts/client/uploads.ts'
import { startProgram } from '../scripts/program.ts'
import { eventually } from '../testing/eventually.ts'
import { connectTo, type WorkerConnection, workersOf } from '../testing/product/connections.ts'
import { mediaFile } from '../testing/product/media-files.ts'
import { processesOf } from '../testing/product/processes.ts'
import { type Product, startProduct } from '../testing/product/product.ts'

// Several processes start, on a machine that may be busy.
jest.setTimeout(240_000)

const WORKERS = 2
const WORKER_INDEXES = [0, 1]
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

/** A file that takes long to send, because its playable part is followed by 8 MiB that players skip. */
async function film() {
  const clip = await mediaFile('clip.mp4')
  const box = Buffer.alloc(8 + 8 * 1024 ** 2)
  randomBytes(box.length - 8).copy(box, 8)
  box.writeUInt32BE(box.length, 0)
  box.write('free', 4, 'latin1')
  return { ...clip, bytes: Buffer.concat([clip.bytes, box]) }
}

let product: Product

const pids = () => workersOf(product.program('gateway').pid)
const origin = () => product.addresses.gateway
const connections: WorkerConnection[] = []

/** Opens a connection to each worker. */
async function connectToAll(): Promise<WorkerConnection[]> {
  const workers = await eventually(pids, (found) => found.length === WORKERS, 60_000)
  const opened = await Promise.all(workers.map((pid) => connectTo(origin(), pid)))
  connections.push(...opened)
  return opened
}

function tus(
  connection: WorkerConnection,
  grant: Grant,
  method: string,
  headers: Record<string, string | number> = {},
) {
  return connection.request(grant.tusUrl, {
    method,
    headers: {
      'tus-resumable': '1.0.0',
      authorization: `Bearer ${grant.key}`,
      ...(method === 'PATCH' && { 'content-type': 'application/offset+octet-stream' }),
      ...headers,
    },
  })
}

/** The status of the answer and the offset in it; null if the connection was cut. */
async function answerOf(call: ClientRequest): Promise<{ status: number; offset: number } | null> {
  const response = await new Promise<IncomingMessage | null>((resolve) => {
    call.once('response', resolve).once('error', () => resolve(null))
  })
  if (!response) return null
  for await (const _chunk of response);
  return { status: response.statusCode ?? 0, offset: Number(response.headers['upload-offset']) }
}

const patch = (connection: WorkerConnection, grant: Grant, offset: number, bytes: Buffer) => {
  const call = tus(connection, grant, 'PATCH', { 'upload-offset': offset, 'content-length': bytes.length })
  call.end(bytes)
  return answerOf(call)
}

const head = (connection: WorkerConnection, grant: Grant) => {
  const call = tus(connection, grant, 'HEAD')
  call.end()
  return answerOf(call)
}

/** The bytes of the stored original. */
async function download(owner: Person, grant: Grant): Promise<Buffer> {
  const media = storedMedia(await uploadEnd(owner, grant.uploadSession.id))
  const access = await accessTo(owner.client, media.id)
  const response = await fetch(access?.url ?? '')
  return Buffer.from(await response.arrayBuffer())
}

async function ask(
  connection: WorkerConnection,
  person: Person,
  query: string,
  variables: object,
  accept: string,
) {
  const body = JSON.stringify({ query, variables })
  const call = connection.request(product.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept, authorization: `Bearer ${person.accessToken}` },
  })
  call.end(body)
  return new Promise<IncomingMessage>((resolve, reject) => {
    call.once('response', resolve).once('error', reject)
  })
}

const untilAllAreReady = () =>
  eventually(() => product.program('gateway').output().includes('"msg":"worker ready"'), 60_000)

async function expectNothingLeft() {
  await eventually(
    () => processesOf(product.dataDir),
    (left) => left.length === 0,
    20_000,
  )
}

describe('several workers', () => {
  beforeAll(async () => {
    product = await startProduct('in one process', { env: { WORKERS: `${WORKERS}` } })
    await eventually(pids, (found) => found.length === WORKERS, 60_000)
  })
  afterEach(() => {
    for (const connection of connections.splice(0)) connection.close()
  })
  afterAll(() => product?.close())

  it('serve one port, and their log lines name them', async () => {
    const found = await connectToAll()
    expect(new Set(found.map(({ pid }) => pid)).size).toBe(WORKERS)
    await eventually(() => product.program('gateway').output().includes('Moblog is listening'), 60_000)
  })

  it('receive the parts of one upload in turn', async () => {
    const [mei, file, workers] = [await signUp(product.url, 'Mei'), await film(), await connectToAll()]
    const grant = await requestUpload(mei, file)
    const step = Math.ceil(file.bytes.length / 10)
    for (let part = 0, offset = 0; offset < file.bytes.length; part++, offset += step) {
      const connection = workers[part % WORKERS]
      const next = workers[(part + 1) % WORKERS]
      if (!connection || !next) throw new Error('there are not enough workers')
      const bytes = file.bytes.subarray(offset, offset + step)
      expect(await patch(connection, grant, offset, bytes)).toMatchObject({ status: 204 })
      if (offset + step < file.bytes.length)
        expect(await head(next, grant)).toEqual({ status: 200, offset: offset + step })
    }
    expect(sha256(await download(mei, grant))).toBe(sha256(file.bytes))
  })

  it('let the newest request continue an upload that another worker receives', async () => {
    const [mei, file, [one, other]] = [await signUp(product.url, 'Mei'), await film(), await connectToAll()]
    if (!one || !other) throw new Error('there are not enough workers')
    const grant = await requestUpload(mei, file)
    const stalled = tus(one, grant, 'PATCH', { 'upload-offset': 0, 'content-length': file.bytes.length })
    const cut = answerOf(stalled)
    stalled.write(file.bytes.subarray(0, 100_000))
    await sleep(500)
    expect(await head(other, grant)).toEqual({ status: 200, offset: 100_000 })
    expect(await cut).toBeNull()
    expect(await patch(other, grant, 100_000, file.bytes.subarray(100_000))).toMatchObject({ status: 204 })
    expect(sha256(await download(mei, grant))).toBe(sha256(file.bytes))
  })

  it('let one of several concurrent requests for the same bytes win', async () => {
    const [mei, file, workers] = [await signUp(product.url, 'Mei'), await film(), await connectToAll()]
    const more = await connectToAll()
    const grant = await requestUpload(mei, file)
    const size = file.bytes.length
    for (let offset = 0, rounds = 0; offset < size && rounds < 50; rounds++) {
      const chunk = file.bytes.subarray(offset, offset + 3 * 1024 ** 2)
      const answers = await Promise.all([...workers, ...more].map((one) => patch(one, grant, offset, chunk)))
      const won = answers.filter((answer) => answer?.status === 204)
      expect(won.length).toBeLessThanOrEqual(1)
      expect(answers.every((answer) => [undefined, 204, 409, 410].includes(answer?.status))).toBe(true)
      const [connection] = await connectToAll()
      if (!connection) throw new Error('there is no worker')
      offset = (await head(connection, grant))?.offset ?? offset
    }
    expect(sha256(await download(mei, grant))).toBe(sha256(file.bytes))
  })

  it('send a notification that one of them causes to a stream at another one', async () => {
    const [[mei, kofi], [one, other]] = [await signUpAll(product.url, ['Mei', 'Kofi']), await connectToAll()]
    if (!one || !other) throw new Error('there are not enough workers')
    const stream = await ask(one, mei, operationText('notification-received'), {}, 'text/event-stream')
    let text = ''
    stream.on('data', (chunk) => {
      text += chunk
    })
    await sleep(300)
    const request = operationText('request-friend')
    const answer = await ask(other, kofi, request, { input: { userId: mei.id } }, 'application/json')
    for await (const _chunk of answer);
    await eventually(() => text.includes('FriendRequestReceived'), 10_000)
    stream.destroy()
  })

  it('count the streams of a user together', async () => {
    const mei = await signUp(product.url, 'Mei')
    const open = async (): Promise<{ ended: boolean; destroy(): void }> => {
      const [one, other] = await connectToAll()
      const connection = opened.length % 2 ? one : other
      if (!connection) throw new Error('there is no worker')
      const query = operationText('notification-received')
      const stream = await ask(connection, mei, query, {}, 'text/event-stream')
      const state = { ended: false, destroy: () => void stream.destroy() }
      stream.on('close', () => {
        state.ended = true
      })
      stream.resume()
      return state
    }
    const opened: Awaited<ReturnType<typeof open>>[] = []
    for (let number = 0; number < 17; number++) opened.push(await open())
    await eventually(() => opened[0]?.ended === true, 10_000)
    expect(opened.slice(1).filter(({ ended }) => ended)).toEqual([])
    for (const stream of opened) stream.destroy()
  })

  it('keep an upload whose worker is killed, and replace the worker', async () => {
    const [mei, file, [one, other]] = [await signUp(product.url, 'Mei'), await film(), await connectToAll()]
    if (!one || !other) throw new Error('there are not enough workers')
    const grant = await requestUpload(mei, file)
    const cut = tus(one, grant, 'PATCH', { 'upload-offset': 0, 'content-length': file.bytes.length })
    const answer = answerOf(cut)
    cut.write(file.bytes.subarray(0, 3_000_000))
    await sleep(500)
    process.kill(one.pid, 'SIGKILL')
    expect(await answer).toBeNull()
    const offset = (await head(other, grant))?.offset ?? 0
    expect(offset).toBeGreaterThan(0)
    expect(await patch(other, grant, offset, file.bytes.subarray(offset))).toMatchObject({ status: 204 })
    expect(sha256(await download(mei, grant))).toBe(sha256(file.bytes))
    const replaced = await eventually(
      pids,
      (found) => found.length === WORKERS && !found.includes(one.pid),
      60_000,
    )
    expect(replaced).toContain(other.pid)
    expect(product.program('gateway').output()).toMatch(/"worker":\d.*worker ended; starting another one/)
    await connectToAll()
  })
})

const HEADERS = { 'content-type': 'application/json' }

/** Sends a request and returns the response when its headers have arrived. */
async function exchange(
  connection: WorkerConnection | undefined,
  person: Person,
  options: { method: string; headers?: Record<string, string>; body?: object; search?: string },
): Promise<IncomingMessage> {
  if (!connection) throw new Error('there is no worker')
  const call = connection.request(`${product.url}${options.search ?? ''}`, {
    method: options.method,
    headers: { ...HEADERS, authorization: `Bearer ${person.accessToken}`, ...options.headers },
  })
  call.end(options.body && JSON.stringify(options.body))
  return new Promise((resolve, reject) => {
    call.once('response', resolve).once('error', reject)
  })
}

async function textOf(response: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of response) text += chunk
  return text
}

describe('the limits and streams of several workers', () => {
  beforeAll(async () => {
    product = await startProduct('in one process', {
      env: { WORKERS: `${WORKERS}`, GATEWAY_COST_PER_MINUTE: '20000', SESSION_TOKEN_SECONDS: '30' },
    })
    await eventually(pids, (found) => found.length === WORKERS, 60_000)
  })
  afterEach(() => {
    for (const connection of connections.splice(0)) connection.close()
  })
  afterAll(() => product?.close())

  it('refuse operations at one worker after the rate limit was used up at another', async () => {
    const [[one, other], [mei, kofi]] = [await connectToAll(), await signUpAll(product.url, ['Mei', 'Kofi'])]
    const statusAt = async (connection: WorkerConnection | undefined, person: Person) => {
      const response = await exchange(connection, person, {
        method: 'POST',
        body: { query: '{ viewer { id } }' },
      })
      await textOf(response)
      return response.statusCode
    }
    await eventually(async () => (await statusAt(one, mei)) === 429, 30_000)
    await eventually(async () => (await statusAt(other, mei)) === 429, 5_000)
    expect(await statusAt(other, kofi)).toBe(200)
  })

  it('answer the requests of a single connection at all workers', async () => {
    const [[one, other], [mei, kofi]] = [await connectToAll(), await signUpAll(product.url, ['Mei', 'Kofi'])]
    const [, third] = await connectToAll()
    const token = await textOf(await exchange(one, mei, { method: 'PUT' }))
    const named = { 'x-graphql-event-stream-token': token }
    const stranger = await exchange(other, kofi, {
      method: 'GET',
      headers: { ...named, accept: 'text/event-stream' },
    })
    expect([stranger.statusCode, await textOf(stranger)]).toEqual([
      404,
      expect.stringContaining('does not exist'),
    ])
    const stream = await exchange(other, mei, {
      method: 'GET',
      headers: { ...named, accept: 'text/event-stream' },
    })
    expect(stream.statusCode).toBe(200)
    let text = ''
    stream.on('data', (chunk) => {
      text += chunk
    })
    const operation = (id: string, query: string) => ({ query, extensions: { operationId: id } })
    for (const [connection, id] of [
      [one, 'first'],
      [third, 'second'],
    ] as const) {
      const body = operation(id, '{ viewer { handle } }')
      const answer = await exchange(connection, mei, { method: 'POST', headers: named, body })
      expect([id, answer.statusCode, await textOf(answer)]).toEqual([id, 202, ''])
      await eventually(() => text.includes(`"id":"${id}"`) && text.includes(mei.handle), 5_000)
    }
    const body = operation('live', operationText('notification-received'))
    await textOf(await exchange(third, mei, { method: 'POST', headers: named, body }))
    await sleep(300)
    const { requestFriend } = await kofi.client.ask('request-friend', { input: { userId: mei.id } })
    expect(requestFriend.__typename).toBe('RequestFriendPayload')
    await eventually(() => text.includes('FriendRequestReceived'), 10_000)
    const end = await exchange(third, mei, { method: 'DELETE', headers: named, search: '?operationId=live' })
    expect(end.statusCode).toBe(200)
    stream.destroy()
  })

  it('survive a request for another worker with headers about its connection, and pass on nothing of its body as a request', async () => {
    const [workers, mei] = [await connectToAll(), await signUp(product.url, 'Mei')]
    const before = pids()
    const [one, other] = workers
    const named = {
      'x-graphql-event-stream-token': await textOf(await exchange(one, mei, { method: 'PUT' })),
    }
    // This client sends a trailer only with chunks.
    const ofConnection = {
      'transfer-encoding': 'chunked',
      trailer: 'x',
      te: 'trailers',
      'keep-alive': 'timeout=1',
      upgrade: 'h2c',
    }
    for (const worker of workers) {
      for (const index of WORKER_INDEXES) {
        const headers = { 'x-graphql-event-stream-token': `${index}.abc`, ...ofConnection }
        const answer = await exchange(worker, mei, { method: 'GET', headers })
        expect([answer.statusCode, await textOf(answer)]).toEqual([
          404,
          expect.stringContaining('does not exist'),
        ])
      }
    }
    const handle = `hidden_${randomBytes(6).toString('hex')}`
    const variables = { input: { handle, displayName: 'Hidden', password: 'correct horse' } }
    const body = JSON.stringify({ query: operationText('sign-up'), variables })
    const hidden = [
      'POST /graphql HTTP/1.1',
      'host: x',
      'x-moblog-client-address: 203.0.113.1',
      'accept: text/event-stream',
      'content-type: application/json',
      `content-length: ${body.length}`,
    ]
    const call = other?.request(product.url, {
      method: 'GET',
      headers: {
        ...{ ...named, accept: 'text/event-stream', 'transfer-encoding': 'chunked' },
        authorization: `Bearer ${mei.accessToken}`,
      },
    })
    if (!call) throw new Error('there is no worker')
    call.end(`${hidden.join('\r\n')}\r\n\r\n${body}`)
    const stream = await new Promise<IncomingMessage>((resolve) => call.once('response', resolve))
    expect(stream.statusCode).toBe(200)
    await sleep(2_000)
    stream.destroy()
    expect(await mei.client.ask('friend-moblog', { handle })).toMatchObject({ userByHandle: null })
    expect(pids()).toEqual(before)
  })

  it('keep a stream whose session was refreshed at another worker', async () => {
    const [[one, other], [mei, kofi]] = [await connectToAll(), await signUpAll(product.url, ['Mei', 'Kofi'])]
    const query = operationText('notification-received')
    const stream = await exchange(one, mei, {
      method: 'POST',
      headers: { accept: 'text/event-stream' },
      body: { query },
    })
    let text = ''
    stream.on('data', (chunk) => {
      text += chunk
    })
    await sleep(15_000)
    const variables = { input: { refreshToken: mei.refreshToken } }
    const body = { query: operationText('refresh-session'), variables }
    expect(await textOf(await exchange(other, kofi, { method: 'POST', body }))).toContain('accessToken')
    // Later than the first token of Mei expires, and before the second one does.
    await sleep(18_000)
    const again = await signInAgain(product.url, kofi)
    await again.client.ask('request-friend', { input: { userId: mei.id } })
    await eventually(() => text.includes('FriendRequestReceived'), 10_000)
    expect(text).not.toContain('UNAUTHENTICATED')
    stream.destroy()
  })
})

describe('the processes of several workers', () => {
  afterEach(() => product?.close())

  it('all end within ten seconds of SIGTERM, with status 0', async () => {
    product = await startProduct('in one process', { env: { WORKERS: `${WORKERS}` }, ownDatabase: true })
    await untilAllAreReady()
    const [exit] = await product.end('SIGTERM')
    expect(exit).toMatchObject({ code: 0, signal: null })
    expect(exit?.afterMs).toBeLessThan(10_000)
    await expectNothingLeft()
  })

  it('all end when the primary process is killed', async () => {
    product = await startProduct('in one process', { env: { WORKERS: `${WORKERS}` }, ownDatabase: true })
    await untilAllAreReady()
    await product.end('SIGKILL')
    await expectNothingLeft()
  })

  it('all end with status 1 if workers end again and again', async () => {
    product = await startProduct('in one process', { env: { WORKERS: `${WORKERS}` } })
    const program = product.program('gateway')
    await eventually(() => program.output().includes('Moblog is listening'), 60_000)
    program.signal('SIGCONT') // the program is expected to end
    const killing = setInterval(() => {
      for (const pid of workersOf(program.pid)) process.kill(pid, 'SIGKILL')
    }, 50)
    const { code } = await program.ended
    clearInterval(killing)
    expect(code).toBe(1)
    expect(program.output()).toContain('workers end soon after they are started')
    await expectNothingLeft()
  })

  it('end with status 2 and one message if the port is in use', async () => {
    product = await startProduct('in one process')
    const { port } = new URL(product.url)
    const settings = {
      MOBLOG_DATA_DIR: product.dataDir,
      PORT: port,
      WORKERS: '2',
      DATABASE_URL: product.databaseUrl ?? '',
    }
    const second = startProgram('main.ts', settings)
    expect(await second.ended).toMatchObject({ code: 2 })
    expect(second.output().match(/EADDRINUSE/g)).toHaveLength(1)
    await expect(createClient(product.url).ask('viewer', {})).resolves.toBeTruthy()
  })
})
