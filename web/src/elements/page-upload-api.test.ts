import { jest } from '@jest/globals'
import { UploadFailed } from '../uploads/upload-failure.ts'
import { pageUploadApi } from './page-upload-api.ts'
import { type RecorderUploads, readUploads } from './recorder-uploads.ts'

const FILE = {
  fileName: 'a.webm',
  mimeType: 'video/webm',
  byteSize: null,
  sha256: null,
  title: null,
  recordedLive: true,
}
const GRANT = { uploadSession: { id: '1', media: null }, key: 'k', tusUrl: 'https://media.example/1' }

/** The API of a page whose functions return or throw a value. */
function apiOf(answer: unknown, isThrown = false) {
  const act = async () => {
    if (isThrown) throw answer
    return answer as never
  }
  return pageUploadApi(() => ({ requestUpload: act, renewUploadKey: act, uploadSession: act }))
}

/** The failure of an upload with which a call ends. */
const failureOf = (call: Promise<unknown>) =>
  call.then(
    (value) => value,
    (error) => (error instanceof UploadFailed ? error.failure : error),
  )

describe('the uploads of a page', () => {
  let isOnline = true
  beforeAll(() => {
    Object.defineProperty(globalThis, 'navigator', {
      value: {
        get onLine() {
          return isOnline
        },
      },
      configurable: true,
    })
  })
  beforeEach(() => {
    isOnline = true
  })

  it.each([
    ['a payload', { __typename: 'CancelUploadPayload' }, { __typename: 'DeleteMediaPayload' }, null, null],
    ['nothing', undefined, undefined, null, null],
    [
      'a failure',
      { code: 'CONFLICT', message: 'ended' },
      { code: 'NOT_FOUND', message: '' },
      'CONFLICT',
      'NOT_FOUND',
    ],
    [
      'the type of a failure',
      { __typename: 'RequestFailed' },
      { __typename: 'RequestFailed' },
      'CONFLICT',
      'NOT_FOUND',
    ],
  ])('may answer with %s when an upload is withdrawn', async (_what, cancelled, deleted, code, other) => {
    const act = async () => null as never
    const page = { requestUpload: act, renewUploadKey: act, uploadSession: act }
    const api = pageUploadApi(() => ({
      ...page,
      cancelUpload: async () => cancelled,
      deleteMedia: async () => deleted,
    }))
    expect((await api.cancelUpload('1'))?.code ?? null).toBe(code)
    expect((await api.deleteMedia('m'))?.code ?? null).toBe(other)
    expect(await pageUploadApi(() => page).cancelUpload('1')).toBeNull()
  })

  it('return what the API returns', async () => {
    expect(await apiOf(GRANT).requestUpload(FILE)).toMatchObject({ uploadId: '1', key: 'k', mediaId: null })
    const stored = { uploadSession: { id: '1', media: { id: 'm' } }, key: null, tusUrl: '' }
    expect(await apiOf(stored).requestUpload(FILE)).toMatchObject({ mediaId: 'm' })
    const renewed = await apiOf({ key: 'n', tusUrl: GRANT.tusUrl }).renewUploadKey('2')
    expect(renewed).toMatchObject({ uploadId: '2', key: 'n' })
    const refusal = { code: 'TOO_LARGE', message: 'too large', maxBytes: 5 }
    expect(await apiOf(refusal).requestUpload(FILE)).toMatchObject(refusal)
    expect(await apiOf(null).uploadSession('1')).toBeNull()
    const rejected = { state: 'REJECTED', media: null, failure: { code: 'UNSUPPORTED_MEDIA', message: 'no' } }
    expect(await apiOf(rejected).uploadSession('1')).toMatchObject({
      state: 'REJECTED',
      mediaId: null,
      failure: rejected.failure,
    })
  })

  it.each([
    ['nothing', undefined, 'an id of the upload session'],
    ['a text', 'granted', 'an id of the upload session'],
    ['no key', { ...GRANT, key: null }, 'a key'],
    ['a relative address', { ...GRANT, tusUrl: '/uploads/1' }, 'an address in tusUrl'],
    [
      'an address that is no address of a server',
      { ...GRANT, tusUrl: 'javascript:1' },
      'an address in tusUrl',
    ],
  ])(
    'fail at once with a message for the developer if requestUpload returns %s',
    async (_what, answer, missing) => {
      expect(await failureOf(apiOf(answer).requestUpload(FILE))).toEqual({
        kind: 'INVALID',
        message: `uploads.requestUpload returned an answer without ${missing}.`,
      })
    },
  )

  it.each([
    ['an unknown state', { state: 'DONE', media: null, failure: null }],
    ['no media', { state: 'COMPLETED', media: null, failure: null }],
  ])('fail at once if uploadSession returns %s', async (_what, answer) => {
    expect(await failureOf(apiOf(answer).uploadSession('1'))).toMatchObject({ kind: 'INVALID' })
  })

  it('fail when they have rejected six times in a row, but not while there is no connection', async () => {
    const api = apiOf(new TypeError('Failed to fetch'), true)
    isOnline = false
    for (let call = 0; call < 10; call += 1)
      expect(await failureOf(api.requestUpload(FILE))).toBeInstanceOf(TypeError)
    isOnline = true
    for (let call = 0; call < 5; call += 1)
      expect(await failureOf(api.requestUpload(FILE))).toBeInstanceOf(TypeError)
    expect(await failureOf(api.uploadSession('1'))).toEqual({ kind: 'NO_ANSWER', message: 'Failed to fetch' })
  })

  it('fail at once when the session of the user has ended', async () => {
    const error = Object.assign(new Error('expired'), { code: 'UNAUTHENTICATED' })
    expect(await failureOf(apiOf(error, true).requestUpload(FILE))).toEqual({ kind: 'SIGNED_OUT' })
  })

  it('count as not answered after half a minute', async () => {
    jest.useFakeTimers()
    try {
      const never = () => new Promise<never>(() => {})
      const api = pageUploadApi(() => ({ requestUpload: never, renewUploadKey: never, uploadSession: never }))
      const ended = failureOf(api.requestUpload(FILE))
      await jest.advanceTimersByTimeAsync(30_000)
      expect(await ended).toEqual(new Error('no answer within 30 seconds'))
    } finally {
      jest.useRealTimers()
    }
  })

  it('need three functions', () => {
    const act = async () => null as never
    const uploads: RecorderUploads = { requestUpload: act, renewUploadKey: act, uploadSession: act }
    expect(readUploads(uploads)).toBe(uploads)
    expect(readUploads(undefined)).toBeNull()
    expect(() => readUploads({ ...uploads, renewUploadKey: undefined })).toThrow(TypeError)
    expect(() => readUploads('yes')).toThrow('uploads needs the functions requestUpload,')
  })
})
