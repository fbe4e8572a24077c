import { mediaFamily } from './media-families.ts'
import { type CapacityLimits, refuseFile, refuseForRoom } from './room.ts'

const limits: CapacityLimits = {
  freeFloor: 100,
  total: null,
  userQuota: 1_000,
  perFile: { audio: 300, video: 500, image: 50 },
}
const roomy = { diskFree: 10_000, outstanding: 0, taken: 0, userUsed: 0, userReserved: 0 }

describe('the family of an announced type', () => {
  it.each([
    ['video/mp4', 'video'],
    ['VIDEO/WebM; codecs="vp8"', 'video'],
    ['audio/mpeg', 'audio'],
    ['image/heic', 'image'],
    ['image/svg+xml', null],
    ['image/tiff', null],
    ['application/pdf', null],
    ['video/', null],
    ['video', null],
    ['', null],
    ['text/html, video/mp4', null],
  ])('of %p is %p', (type, family) => expect(mediaFamily(type)).toBe(family))
})

describe('a file', () => {
  it('of a kind that is not taken is refused with the kinds that are', () => {
    expect(refuseFile({ mimeType: 'text/html', byteSize: 1 }, limits)).toMatchObject({
      code: 'UNSUPPORTED_MEDIA',
      supportedMimeTypes: expect.arrayContaining(['video/*', 'image/jpeg']),
    })
  })

  it('that is too large for its kind is refused with the limit', () => {
    expect(refuseFile({ mimeType: 'audio/mpeg', byteSize: 300 }, limits)).toEqual({ reserve: 300 })
    expect(refuseFile({ mimeType: 'audio/mpeg', byteSize: 301 }, limits)).toMatchObject({
      code: 'TOO_LARGE',
      maxBytes: 300,
    })
  })

  it('that is empty is refused', () => {
    expect(refuseFile({ mimeType: 'audio/mpeg', byteSize: 0 }, limits)).toMatchObject({
      code: 'UNSUPPORTED_MEDIA',
    })
  })

  it('that is being recorded reserves the most that its kind may have', () => {
    expect(refuseFile({ mimeType: 'video/webm', byteSize: null }, limits)).toEqual({ reserve: 500 })
  })
})

describe('room', () => {
  it('is there up to the last byte of the quota', () => {
    const at = { ...roomy, userUsed: 300, userReserved: 500 }
    expect(refuseForRoom(200, at, limits)).toBeNull()
    expect(refuseForRoom(201, at, limits)).toMatchObject({
      code: 'QUOTA_EXCEEDED',
      quotaBytes: 1_000,
      usedBytes: 300,
      reservedBytes: 500,
    })
  })

  it('is what the disk has, less what others will still send, less the floor', () => {
    const at = { ...roomy, diskFree: 700, outstanding: 400 }
    expect(refuseForRoom(200, at, limits)).toBeNull()
    expect(refuseForRoom(201, at, limits)).toMatchObject({
      code: 'STORAGE_UNAVAILABLE',
      retryAfterSeconds: expect.any(Number),
    })
  })

  it('ends where the configured capacity does', () => {
    const at = { ...roomy, taken: 900 }
    expect(refuseForRoom(100, at, { ...limits, total: 1_000 })).toBeNull()
    expect(refuseForRoom(101, at, { ...limits, total: 1_000 })).toMatchObject({ code: 'STORAGE_UNAVAILABLE' })
  })
})
