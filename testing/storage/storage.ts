import { readdir } from 'node:fs/promises'
import path from 'node:path'
import type { ExecutionResult } from 'graphql'
import { type Clock, systemClock } from '../../platform/clock.ts'
import { readConfig } from '../../platform/config.ts'
import { startHttpServer } from '../../platform/http/server.ts'
import { newId } from '../../platform/ids.ts'
import { SUBGRAPH_NAMES } from '../../schema/subgraph-sdl.ts'
import { storageConfig } from '../../subgraphs/storage/config.ts'
import { MIGRATIONS, SCHEMA } from '../../subgraphs/storage/database.ts'
import { startStorage } from '../../subgraphs/storage/service.ts'
import { createTestDatabase } from '../database.ts'
import { eventually } from '../eventually.ts'
import { confirm, onRealSchema } from '../fake-service.ts'
import { createTestHost, type TestPeer } from '../host.ts'
import { toolForTests } from './clips.ts'

/** A storage service for tests: a real database, a real server, a temporary folder and a fake `communication`. */
export type TestStorage = Awaited<ReturnType<typeof startTestStorage>>

/** The announcement of an upload, for tests that need something other than a plain film. */
export type Announced = {
  byteSize?: number | null
  mimeType?: string
  sha256?: string | null
  title?: string
}

/** Starts storage for a test, with additional environment variables. */
export async function startTestStorage(env: Record<string, string> = {}, clock: Clock = systemClock) {
  const database = await createTestDatabase({ schemas: [{ schema: SCHEMA, directory: MIGRATIONS }] })
  const registered: Record<string, unknown>[] = []
  const playable = new Set<string>()
  let pendingRevocations: object[] = []
  let isCommunicationUp = true
  const answer = onRealSchema('communication', async (request) => {
    const { query, variables } = request
    if (query.includes('resumeRevocations')) {
      return { data: isCommunicationUp ? { resumeRevocations: pendingRevocations } : null }
    }
    if (query.startsWith('query')) {
      const ids = variables?.mediaIds as string[]
      const found = ids.filter((id) => playable.has(`${variables?.viewerId} ${id}`))
      return { data: { playableMedia: found } }
    }
    registered.push({ query: query.match(/\w+(?=\(input)/)?.[0], ...(variables?.input as object) })
    return confirm(request)
  })
  const communication: TestPeer = { execute: answer }
  const host = await createTestHost({
    name: 'storage',
    issuers: ['gateway', ...SUBGRAPH_NAMES],
    databaseUrl: database.url,
    peers: { communication },
  })
  const folder = path.join(host.directory, 'storage')
  const settings = {
    NODE_ENV: 'test',
    // Tests write faster than people do.
    WRITE_LIMIT_SCALE: '0',
    STORAGE_DIR: folder,
    STORAGE_FREE_FLOOR: '0',
    // Tests open many uploads for one user.
    STORAGE_USER_OPEN_UPLOADS: '1000',
    STORAGE_SWEEP_INTERVAL_SECONDS: '3600',
    // Only tests about renditions start workers.
    STORAGE_WORKERS: '0',
    FFMPEG_PATH: await toolForTests('ffmpeg'),
    FFPROBE_PATH: await toolForTests('ffprobe'),
  }
  const start = async () => {
    const service = await startStorage(host, readConfig(storageConfig, { ...settings, ...env }), clock)
    const server = await startHttpServer({
      host: '127.0.0.1',
      port: 0,
      log: host.log,
      drainMs: 100,
      routes: service.routes,
      ready: service.ready,
    })
    if (isCommunicationUp) await eventually(() => service.ready(), 60_000)
    return { service, server }
  }
  let running = await start()
  const address = () => `http://127.0.0.1:${running.server.port}`

  const dataOf = ({ data, errors }: ExecutionResult) => {
    if (errors) throw new Error(errors.map(({ message }) => message).join('\n'))
    // Plain objects, as a client receives them.
    return JSON.parse(JSON.stringify(data))
  }
  /** Runs an operation on the internal API, as another service does. */
  const internal = async (query: string, variables: Record<string, unknown>, service = 'communication') =>
    dataOf(await running.service.internal.execute({ query, variables }, { kind: 'service', service }))
  const ask = async (
    query: string,
    variables: Record<string, unknown> = {},
    userId: string | null = null,
  ) => {
    const viewer = { kind: 'viewer', userId, sessionId: null } as const
    return dataOf(await running.service.subgraph.execute({ query, variables }, viewer))
  }

  const signer = host.keyrings.communication
  if (!signer) throw new Error('communication has no keyring')
  const uploadKey = (claims: Record<string, unknown>, typ = 'upload+jwt') =>
    signer.sign({ aud: 'storage', exp: Math.floor(clock().getTime() / 1000) + 3600, ...claims }, typ)

  /** Requests space like `communication` does. */
  const requestRoom = async (ownerId: string, announced: Announced = {}, uploadId = newId()) => {
    const keyId = newId()
    const input = {
      uploadId,
      ownerId,
      keyId,
      fileName: 'film.mp4',
      title: announced.title ?? 'A film',
      mimeType: announced.mimeType ?? 'video/mp4',
      byteSize: announced.byteSize ?? null,
      sha256: announced.sha256 ?? null,
    }
    const { openUpload } = await internal(OPEN_UPLOAD, { input })
    return { uploadId, ownerId, keyId, outcome: openUpload }
  }

  return {
    host,
    folder,
    registered,
    playable,
    address,
    ask,
    internal,
    uploadKey,
    requestRoom,
    databaseUrl: database.url,

    /** Opens an upload and signs its key. */
    async openUpload(ownerId: string, announced: Announced) {
      const { uploadId, keyId, outcome } = await requestRoom(ownerId, announced)
      if (outcome.refusal) throw new Error(outcome.refusal.message)
      const key = await uploadKey({ sub: ownerId, upload: uploadId, jti: keyId })
      return { uploadId, ownerId, key, keyId, url: `${address()}/uploads/${uploadId}` }
    },

    /** A token as `communication` issues it to a viewer. */
    mediaToken(claims: Record<string, unknown>, typ = 'media+jwt') {
      const now = clock().getTime() / 1000
      return signer.sign({ aud: 'storage', iat: now, exp: now + 300, ...claims }, typ)
    },

    session: async (ownerId: string, uploadId: string) =>
      (await ask(SESSION, { id: uploadId }, ownerId)).uploadSession,

    /** The names of the files into which uploads were received. */
    uploadFiles: () => readdir(path.join(folder, 'uploads')),

    /** Sets the missed revocations that storage receives at start; null if `communication` does not answer. */
    setPendingRevocations(pending: object[] | null) {
      isCommunicationUp = pending !== null
      pendingRevocations = pending ?? []
    },

    async restart(change: () => Promise<void> = async () => {}) {
      await running.server.stop()
      await running.service.stop()
      await change()
      running = await start()
    },

    async stop() {
      await running.server.stop()
      await running.service.stop()
      await host.close()
      await database.drop()
    },
  }
}

const OPEN_UPLOAD = `mutation Open($input: OpenUploadInput!) {
  openUpload(input: $input) {
    reservedBytes tusUrl multipartUrl
    refusal { code message retryAfterSeconds quotaBytes usedBytes reservedBytes maxBytes supportedMimeTypes }
  }
}`

const SESSION = `query Session($id: ID!) {
  uploadSession(id: $id) {
    id state byteSize receivedBytes failure { code message }
    media { id kind state title mimeType byteSize sha256 durationSeconds width height }
  }
}`

/** The values that the headers of a tus request need. */
export type TusUpload = { url: string; key: string }

/** Sends a chunk like a tus client. */
export function patch(
  { url, key }: TusUpload,
  offset: number,
  body: Uint8Array,
  headers: Record<string, string> = {},
) {
  return fetch(url, {
    method: 'PATCH',
    headers: {
      authorization: `Bearer ${key}`,
      'tus-resumable': '1.0.0',
      'upload-offset': `${offset}`,
      'content-type': 'application/offset+octet-stream',
      ...headers,
    },
    body: new Uint8Array(body),
  })
}

/** Sends a tus request without a body: HEAD returns the offset, DELETE gives the upload up. */
export function tus(method: string, { url, key }: TusUpload) {
  return fetch(url, { method, headers: { authorization: `Bearer ${key}`, 'tus-resumable': '1.0.0' } })
}
