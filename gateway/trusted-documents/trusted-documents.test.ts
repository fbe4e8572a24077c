import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { operationNames, readOperation } from '../../schema/read-operation.ts'
import { eventually } from '../../testing/eventually.ts'
import { startTestGateway, type TestGateway } from '../../testing/gateway/start-gateway.ts'

const VIEWER = 'query Viewer {\n  viewer { id }\n}'
const OTHER = 'query Other { viewer { handle } }'
const EVENTS = 'subscription Events { notificationReceived { id } }'
const SIGN_OUT = 'mutation SignOut { signOut { __typename } }'
const LISTED = { VIEWER, EVENTS, SIGN_OUT }

const idOf = (text: string) => createHash('sha256').update(text).digest('hex')
const hash = (id: unknown) => ({ extensions: { persistedQuery: { version: 1, sha256Hash: id } } })

const manifest = (texts: readonly string[]) =>
  JSON.stringify({
    format: 'apollo-persisted-query-manifest',
    version: 1,
    operations: texts.map((body) => ({ id: idOf(body), name: 'A', type: 'query', body })),
  })
const operationOutput = (texts: readonly string[]) =>
  JSON.stringify(
    Object.fromEntries(texts.map((source) => [idOf(source), { name: 'A', type: 'query', source }])),
  )

let folder: string
let file: string
let gateway: TestGateway
const makeFolder = async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'moblog-operations-'))
  file = path.join(folder, 'manifest.json')
}
const removeFolder = () => rm(folder, { recursive: true })

const send = async (body: unknown, headers: Record<string, string> = {}) =>
  answerOf(
    await fetch(gateway.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    }),
  )
const get = async (parameters: Record<string, string>, headers: Record<string, string> = {}) =>
  answerOf(
    await fetch(`${gateway.url}?${new URLSearchParams(parameters)}`, {
      headers: { 'graphql-require-preflight': '1', ...headers },
    }),
  )
async function answerOf(response: Response) {
  const text = await response.text()
  return { status: response.status, code: /"code":"(\w+)"/.exec(text)?.[1], text }
}
const EXECUTED = { status: 200, code: undefined }
const REFUSED = { status: 400, code: 'PERSISTED_QUERY_NOT_IN_LIST' }

describe('a gateway with a list of operations', () => {
  beforeAll(async () => {
    await makeFolder()
    await writeFile(file, manifest(Object.values(LISTED)))
    gateway = await startTestGateway({ GATEWAY_OPERATIONS: file })
  })
  afterAll(async () => {
    await gateway.stop()
    await removeFolder()
  })

  it.each([
    ['by its hash', hash(idOf(VIEWER))],
    ['by its document id', { documentId: idOf(VIEWER) }],
    ['by its exact text', { query: VIEWER }],
    ['by its text and its hash', { query: VIEWER, ...hash(idOf(VIEWER)) }],
    ['with an operation name and variables', { query: VIEWER, operationName: 'Viewer', variables: {} }],
  ])('executes an operation of the list %s', async (_how, body) => {
    expect(await send(body)).toMatchObject(EXECUTED)
  })

  it('executes an operation of the list with GET, but no mutation', async () => {
    const byHash = (text: string) => ({ extensions: JSON.stringify(hash(idOf(text)).extensions) })
    expect(await get(byHash(VIEWER))).toMatchObject(EXECUTED)
    expect(await get({ documentId: idOf(VIEWER) })).toMatchObject(EXECUTED)
    expect(await get({ query: VIEWER })).toMatchObject(EXECUTED)
    expect((await get(byHash(SIGN_OUT))).status).toBe(405)
    const streamed = await get(byHash(SIGN_OUT), { accept: 'text/event-stream' })
    expect(streamed).toMatchObject({ status: 400, code: 'BAD_REQUEST' })
  })

  it.each([
    ['another text', { query: OTHER }],
    ['a text that differs in white space', { query: VIEWER.replace('\n', ' ') }],
    ['introspection', { query: '{ __schema { types { name } } }' }],
    ['an unknown hash', hash(idOf(OTHER))],
    ['another text with a known hash', { query: OTHER, ...hash(idOf(VIEWER)) }],
    ['a text that wants to be registered', { query: OTHER, ...hash(idOf(OTHER)) }],
    ['a hash that is not a string', hash({})],
    ['an unknown document id', { documentId: 'toString' }],
    ['a document id that is not a string', { documentId: 5 }],
    ['an unlisted subscription', { query: 'subscription { notificationReceived { id } }' }],
  ])('refuses %s with 400, over every protocol', async (_what, body) => {
    expect(await send(body)).toMatchObject(REFUSED)
    // The first client wants only streams; the second one accepts them.
    for (const accept of ['text/event-stream', 'application/json, text/event-stream']) {
      expect(await send(body, { accept })).toMatchObject(REFUSED)
    }
    const parameters = Object.fromEntries(
      Object.entries(body).map(([name, value]) => [
        name,
        typeof value === 'string' ? value : JSON.stringify(value),
      ]),
    )
    expect(await get(parameters)).toMatchObject(REFUSED)
    expect(await get(parameters, { accept: 'text/event-stream' })).toMatchObject(REFUSED)
  })

  it('refuses an unlisted operation in a multipart request', async () => {
    const form = new FormData()
    form.append('operations', JSON.stringify({ query: OTHER, variables: { file: null } }))
    form.append('map', JSON.stringify({ 0: ['variables.file'] }))
    form.append('0', new Blob(['bytes']), 'a.txt')
    const headers = { 'graphql-require-preflight': '1' }
    expect(await answerOf(await fetch(gateway.url, { method: 'POST', body: form, headers }))).toMatchObject(
      REFUSED,
    )
  })

  it('opens a stream for a subscription of the list, by its id or its text', async () => {
    for (const body of [hash(idOf(EVENTS)), { query: EVENTS }]) {
      for (const accept of ['text/event-stream', 'application/json, text/event-stream']) {
        const { status, text } = await send(body, { accept })
        expect(status).toBe(200)
        // Nobody is signed in.
        expect(text).toMatch(/^event: next\n.*UNAUTHENTICATED/m)
      }
    }
    const { text } = await get({ documentId: idOf(EVENTS) }, { accept: 'text/event-stream' })
    expect(text).toMatch('UNAUTHENTICATED')
  })

  it('refuses a request without an operation, or with several, as any gateway does', async () => {
    for (const body of [{}, { variables: {} }, [{ query: VIEWER }], { query: '' }]) {
      expect(await send(body)).toMatchObject({ status: 400, code: 'BAD_REQUEST' })
    }
  })

  // The last test of this gateway, because it replaces the list.
  it('applies a new list without a restart, and keeps the last one that it could read', async () => {
    const replaced = async (text: string) => {
      await writeFile(`${file}.new`, text)
      await rename(`${file}.new`, file)
    }
    await replaced('{ "format": ')
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    expect(await send({ query: VIEWER })).toMatchObject(EXECUTED)
    await replaced(manifest([OTHER]))
    await eventually(async () => (await send({ query: OTHER })).status === 200, 5_000)
    expect(await send({ query: VIEWER })).toMatchObject(REFUSED)
  })
})

describe('the list of operations', () => {
  beforeEach(makeFolder)
  afterEach(async () => {
    await gateway.stop()
    await removeFolder()
  })

  it.each([
    ['Apollo iOS and Apollo Kotlin 4', manifest],
    ['operationOutput.json of Apollo Kotlin', operationOutput],
  ])('may have the format of %s', async (_name, format) => {
    await writeFile(file, format([VIEWER]))
    gateway = await startTestGateway({ GATEWAY_OPERATIONS: file })
    expect(await send(hash(idOf(VIEWER)))).toMatchObject(EXECUTED)
    expect(await send({ query: OTHER })).toMatchObject(REFUSED)
  })

  it('may be a folder of manifests in several formats, to which manifests are added', async () => {
    await writeFile(file, manifest([VIEWER]))
    gateway = await startTestGateway({ GATEWAY_OPERATIONS: folder })
    expect(await send({ query: OTHER })).toMatchObject(REFUSED)
    await writeFile(path.join(folder, 'android.json'), operationOutput([OTHER, VIEWER]))
    await eventually(async () => (await send({ query: OTHER })).status === 200, 5_000)
    expect(await send({ query: VIEWER })).toMatchObject(EXECUTED)
  })

  it('is read again after a named pipe was in its folder, which is not waited for', async () => {
    await writeFile(file, manifest([VIEWER]))
    gateway = await startTestGateway({ GATEWAY_OPERATIONS: folder })
    const pipe = path.join(folder, 'pipe.json')
    await promisify(execFile)('mkfifo', [pipe])
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    await rm(pipe)
    await writeFile(file, manifest([OTHER]))
    await eventually(async () => (await send({ query: OTHER })).status === 200)
  })

  it.each([
    ['a folder', ''],
    ['a file', 'operations.json'],
  ])(
    'is read again when a symbolic link to %s is switched, and when what it names changes',
    async (_what, name) => {
      const releases = await Promise.all(
        [[VIEWER], [OTHER]].map(async (texts, index) => {
          const release = path.join(folder, `${index}`)
          await mkdir(release)
          await writeFile(path.join(release, 'operations.json'), manifest(texts))
          return release
        }),
      )
      const link = path.join(folder, 'current')
      const switchTo = async (release = '') => {
        await symlink(release, `${link}.new`)
        await rename(`${link}.new`, link)
      }
      await switchTo(releases[0])
      gateway = await startTestGateway({ GATEWAY_OPERATIONS: path.join(link, name) })
      expect(await send({ query: OTHER })).toMatchObject(REFUSED)
      await switchTo(releases[1])
      await eventually(async () => (await send({ query: OTHER })).status === 200)
      await writeFile(path.join(releases[1] ?? '', 'operations.json'), manifest([VIEWER, OTHER]))
      await eventually(async () => (await send({ query: VIEWER })).status === 200)
    },
  )

  it('is written by `npm run operations:manifest` with all operations as clients send them', async () => {
    const script = fileURLToPath(new URL('../../scripts/operations-manifest.ts', import.meta.url))
    await promisify(execFile)(process.execPath, [script, file])
    const { operations } = JSON.parse(await readFile(file, 'utf8'))
    expect(operations.length).toBeGreaterThanOrEqual(operationNames().length)
    gateway = await startTestGateway({ GATEWAY_OPERATIONS: file })
    expect(await send({ query: readOperation('viewer') })).toMatchObject(EXECUTED)
    expect(await send(hash(idOf(readOperation('viewer'))))).toMatchObject(EXECUTED)
  })
})

describe('the start fails and names the setting and the reason', () => {
  beforeEach(makeFolder)
  afterEach(removeFolder)

  it.each([
    ['is not JSON', '{', 'not valid JSON'],
    ['has another version', manifest([VIEWER]).replace(':1,', ':2,'), 'version'],
    ['is another kind of file', '{"name":"moblog"}', 'none of the supported formats'],
    ['has no operations', manifest([]), 'contains no operations'],
    [
      'gives two operations the same id',
      manifest([VIEWER, OTHER]).replace(idOf(OTHER), idOf(VIEWER)),
      'two different operations',
    ],
  ])('if the manifest %s', async (_what, content, reason) => {
    await writeFile(file, content)
    const start = startTestGateway({ GATEWAY_OPERATIONS: file })
    await expect(start).rejects.toThrow(new RegExp(`GATEWAY_OPERATIONS: .*${reason}`))
  })

  it('if the file does not exist', async () => {
    const start = startTestGateway({ GATEWAY_OPERATIONS: path.join(folder, 'missing.json') })
    await expect(start).rejects.toThrow(/GATEWAY_OPERATIONS: .*missing\.json/)
  })
})

it('a gateway without a list executes any operation and registers persisted queries', async () => {
  gateway = await startTestGateway()
  expect(await send({ query: OTHER })).toMatchObject(EXECUTED)
  expect(await send(hash(idOf(VIEWER)))).toMatchObject({ code: 'PERSISTED_QUERY_NOT_FOUND' })
  expect(await send({ query: VIEWER, ...hash(idOf(VIEWER)) })).toMatchObject(EXECUTED)
  expect(await send(hash(idOf(VIEWER)))).toMatchObject(EXECUTED)
  await gateway.stop()
})

it('a gateway without a list says that it knows no operation by its document id, but takes a text or a hash beside it', async () => {
  gateway = await startTestGateway()
  const documentId = idOf(VIEWER)
  for (const answer of [
    await send({ documentId }),
    await send({ documentId, query: '' }),
    await get({ documentId }),
  ]) {
    expect(answer).toMatchObject({ status: 400, code: 'PERSISTED_QUERY_NOT_SUPPORTED' })
    expect(answer.text).toMatch('Send the text of the operation')
  }
  expect(await send({ documentId, ...hash(documentId) })).toMatchObject({ code: 'PERSISTED_QUERY_NOT_FOUND' })
  expect(await send({ documentId, query: VIEWER })).toMatchObject(EXECUTED)
  expect(await send({})).toMatchObject({ code: 'BAD_REQUEST' })
  await gateway.stop()
})
