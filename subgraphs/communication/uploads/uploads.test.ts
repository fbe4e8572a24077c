import type { ExecutionResult } from 'graphql'
import { ANONYMOUS } from '../../../platform/identity/caller.ts'
import { newId } from '../../../platform/ids.ts'
import {
  startTestCommunication,
  type TestCommunication,
  viewer,
} from '../../../testing/communication/communication.ts'

const FAILURES = '... on InvalidInput { code message field } ... on RequestFailed { code message }'
const UNAVAILABLE = '... on StorageUnavailable { code message retryAfterSeconds }'
const KEY = 'uploadSession { id } key keyExpiresAt tusUrl multipartUrl'
const REQUEST = `mutation ($input: RequestUploadInput!) {
  result: requestUpload(input: $input) {
    __typename ... on RequestUploadPayload { ${KEY} } ${FAILURES} ${UNAVAILABLE}
    ... on QuotaExceeded { code message quotaBytes usedBytes reservedBytes }
    ... on TooLarge { code message maxBytes }
    ... on UnsupportedMedia { code message supportedMimeTypes }
  }
}`
const RENEW = `mutation ($id: ID!) {
  result: renewUploadKey(input: { uploadId: $id }) {
    __typename ... on RenewUploadKeyPayload { ${KEY} } ${FAILURES} ${UNAVAILABLE}
  }
}`
const CANCEL = `mutation ($id: ID!) {
  result: cancelUpload(input: { uploadId: $id }) {
    __typename ... on CancelUploadPayload { uploadSession { id } } ${FAILURES} ${UNAVAILABLE}
  }
}`

const addresses = { tusUrl: 'http://storage/uploads/1', multipartUrl: 'http://storage/uploads/graphql' }
const clip = { fileName: 'clip.mp4', mimeType: 'video/mp4', byteSize: 1000, sha256: 'ab'.repeat(32) }
const NO_DETAILS = {
  retryAfterSeconds: null,
  quotaBytes: null,
  usedBytes: null,
  reservedBytes: null,
  maxBytes: null,
  supportedMimeTypes: null,
}

let app: TestCommunication
let me: string

beforeAll(async () => {
  app = await startTestCommunication({ STORAGE_TIMEOUT_SECONDS: '0.2' })
  ;[me = ''] = await app.people('uploader')
})

beforeEach(() => {
  app.storage.calls.length = 0
})

afterAll(() => app.close())

const storageAnswers = (data: Record<string, object>) => {
  app.storage.answer = async () => ({ data })
}
const grants = (reservedBytes = 1000) =>
  storageAnswers({
    openUpload: { refusal: null, reservedBytes, ...addresses },
    closeUpload: { refusal: null },
  })
const refuses = (failure: object) => {
  const outcome = { refusal: { ...NO_DETAILS, ...failure } }
  storageAnswers({ openUpload: outcome, replaceUploadKey: outcome, closeUpload: outcome })
}
const request = async (input: object = {}, caller = viewer(me)) =>
  (await app.ask(REQUEST, { input: { ...clip, ...input } }, caller)).data.result
const claimsOf = (key: string) =>
  app.host.verifier.verify(key, { issuer: 'communication', audience: 'storage', typ: 'upload+jwt' })

describe('requesting an upload', () => {
  it('asks storage and returns a key for exactly this upload', async () => {
    grants()
    const result = await request()
    expect(result).toMatchObject({ __typename: 'RequestUploadPayload', ...addresses })
    const [asked] = app.storage.calls
    expect(asked?.caller).toEqual({ kind: 'service', service: 'communication' })
    expect(asked?.variables.input).toMatchObject({ ...clip, ownerId: me, title: null })
    const { uploadId, keyId } = (asked?.variables.input ?? {}) as { uploadId?: string; keyId?: string }
    const claims = await claimsOf(result.key)
    expect(claims).toMatchObject({
      sub: me,
      jti: keyId,
      upload: uploadId,
      size: 1000,
      max: 1000,
      mime: 'video/mp4',
      sha256: clip.sha256,
    })
    expect(result.uploadSession.id).toBe(uploadId)
    expect((claims.exp ?? 0) - (claims.iat ?? 0)).toBeCloseTo(3600)
    expect(new Date(result.keyExpiresAt).getTime()).toBeCloseTo((claims.exp ?? 0) * 1000, -1)
  })

  it('returns a key without a size during a live recording', async () => {
    grants(5_000_000)
    const { key } = await request({ byteSize: null, sha256: null, recordedLive: true })
    const claims = await claimsOf(key)
    expect(claims).toMatchObject({ max: 5_000_000 })
    expect(claims).not.toHaveProperty('size')
    expect(claims).not.toHaveProperty('sha256')
  })

  it.each([
    ['StorageUnavailable', { code: 'STORAGE_UNAVAILABLE', message: 'Full.', retryAfterSeconds: 60 }],
    [
      'QuotaExceeded',
      { code: 'QUOTA_EXCEEDED', message: 'Q.', quotaBytes: 9, usedBytes: 5, reservedBytes: 3 },
    ],
    ['TooLarge', { code: 'TOO_LARGE', message: 'At most 9 bytes.', maxBytes: 9 }],
    ['UnsupportedMedia', { code: 'UNSUPPORTED_MEDIA', message: 'No.', supportedMimeTypes: ['video/mp4'] }],
    ['RequestFailed', { code: 'RATE_LIMITED', message: 'Slowly.' }],
    ['RequestFailed', { code: 'CONFLICT', message: 'Twice.' }],
  ])("returns storage's failure as %s", async (__typename, refusal) => {
    refuses(refusal)
    expect(await request()).toEqual({ __typename, ...refusal })
  })

  it.each<[string, () => Promise<ExecutionResult>]>([
    ['is down', () => Promise.reject(new Error('connect ECONNREFUSED'))],
    ['is slow', () => new Promise((resolve) => setTimeout(resolve, 3_000, { data: null }).unref())],
    ['fails', async () => ({ errors: [], data: null })],
    ['sends an invalid answer', async () => ({ data: { openUpload: 'yes' } })],
  ])('returns StorageUnavailable and not an error if storage %s', async (_what, answer) => {
    app.storage.answer = answer
    const started = performance.now()
    expect(await request()).toMatchObject({
      __typename: 'StorageUnavailable',
      code: 'STORAGE_UNAVAILABLE',
      retryAfterSeconds: 10,
    })
    expect(performance.now() - started).toBeLessThan(2_900)
  })

  it('closes an upload that storage may have opened without answering, and retries until storage confirms', async () => {
    const closings: string[] = []
    app.storage.answer = async ({ query, variables }) => {
      const { uploadId } = (variables?.input ?? {}) as { uploadId: string }
      if (query.includes('openUpload'))
        return new Promise((resolve) => setTimeout(resolve, 300, { data: null }))
      closings.push(uploadId)
      if (closings.filter((id) => id === uploadId).length === 1) throw new Error('down')
      const refusal = { ...NO_DETAILS, code: 'NOT_FOUND', message: 'None.' }
      return { data: { closeUpload: { refusal } } }
    }
    expect(await request()).toMatchObject({ __typename: 'StorageUnavailable' })
    const opening = app.storage.calls.find(({ query }) => query.includes('openUpload'))?.variables.input
    const { uploadId } = (opening ?? {}) as { uploadId?: string }
    const times = () => closings.filter((id) => id === uploadId).length
    for (const deadline = Date.now() + 10_000; times() < 2 && Date.now() < deadline; ) {
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(times()).toBe(2)
  })

  it('does not call storage for invalid input or a signed-out viewer', async () => {
    expect(await request({ byteSize: 0 })).toMatchObject({ code: 'INVALID_INPUT', field: 'input.byteSize' })
    expect(await request({}, ANONYMOUS)).toMatchObject({ code: 'NOT_ALLOWED', message: 'Sign in first.' })
    expect(app.storage.calls.filter(({ query }) => query.includes('openUpload'))).toHaveLength(0)
  })
})

describe('an upload in progress', () => {
  const uploadId = newId()
  // Searched by id, because unanswered uploads are closed in the background meanwhile.
  const callAboutUpload = () =>
    app.storage.calls.find(({ variables }) => (variables.input as { uploadId: string }).uploadId === uploadId)
  const act = async (mutation: string, id = uploadId, caller = viewer(me)) =>
    (await app.ask(mutation, { id }, caller)).data.result

  it('gets another key with the same claims', async () => {
    const upload = { byteSize: 1000, reservedBytes: 1000, mimeType: 'video/mp4', sha256: null, ...addresses }
    storageAnswers({ replaceUploadKey: { refusal: null, upload } })
    const result = await act(RENEW)
    expect(result).toMatchObject({ __typename: 'RenewUploadKeyPayload', uploadSession: { id: uploadId } })
    const asked = callAboutUpload()?.variables.input as { keyId: string }
    expect(asked).toMatchObject({ uploadId, ownerId: me })
    expect(await claimsOf(result.key)).toMatchObject({ jti: asked.keyId, upload: uploadId, size: 1000 })
  })

  it('can be cancelled', async () => {
    storageAnswers({ closeUpload: { refusal: null } })
    expect(await act(CANCEL)).toEqual({ __typename: 'CancelUploadPayload', uploadSession: { id: uploadId } })
    expect(callAboutUpload()?.variables.input).toEqual({ uploadId, ownerId: me })
  })

  it.each([RENEW, CANCEL])("returns storage's failure", async (mutation) => {
    refuses({ code: 'NOT_FOUND', message: 'There is no such upload.' })
    expect(await act(mutation)).toMatchObject({ __typename: 'RequestFailed', code: 'NOT_FOUND' })
    refuses({ code: 'CONFLICT', message: 'It is finished.' })
    expect(await act(mutation)).toMatchObject({ __typename: 'RequestFailed', code: 'CONFLICT' })
    app.storage.answer = () => Promise.reject(new Error('down'))
    expect(await act(mutation)).toMatchObject({ __typename: 'StorageUnavailable' })
    expect(await act(mutation, 'nonsense')).toMatchObject({ field: 'input.uploadId' })
    expect(await act(mutation, uploadId, ANONYMOUS)).toMatchObject({ code: 'NOT_ALLOWED' })
  })
})
