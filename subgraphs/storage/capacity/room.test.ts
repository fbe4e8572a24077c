import { mediaFamily } from './media-families.ts'
import {
  type CapacityLimits,
  heldAhead,
  type Occupancy,
  refuseForRoom as refuse,
  refuseFile,
} from './room.ts'

const limits: CapacityLimits = {
  freeFloor: 100,
  total: null,
  userQuota: 1_000,
  openUploads: { perUser: 3, total: 5 },
  perFile: { audio: 300, video: 500, image: 50 },
}
const roomy: Occupancy = {
  diskFree: 10_000,
  ahead: 0,
  taken: 0,
  open: 0,
  userUsed: 0,
  userReserved: 0,
  userUnheld: 0,
  userOpen: 0,
}
const refuseForRoom = (bytes: number, at: Occupancy, within: CapacityLimits) =>
  refuse({ byteSize: bytes, reserve: bytes }, at, within)

describe('the media family', () => {
  it.each([
    ['video/mp4', 'video'],
    ['VIDEO/WebM; codecs="vp8"', 'video'],
    ['audio/mpeg', 'audio'],
    ['image/heic', 'image'],
    ['image/apng', 'image'],
    ['image/vnd.mozilla.apng', 'image'],
    ['image/svg+xml', null],
    ['image/tiff', null],
    ['application/pdf', null],
    ['video/', null],
    ['video', null],
    ['', null],
    ['text/html, video/mp4', null],
  ])('of the type %p is %p', (type, family) => expect(mediaFamily(type)).toBe(family))
})

describe('a file', () => {
  it('of an unsupported type is refused with a list of the supported types', () => {
    expect(refuseFile({ mimeType: 'text/html', byteSize: 1 }, limits)).toMatchObject({
      code: 'UNSUPPORTED_MEDIA',
      supportedMimeTypes: expect.arrayContaining(['video/*', 'image/jpeg']),
    })
  })

  it('that is too large for its family is refused with the limit', () => {
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

  it('of unknown size reserves the largest size of its family', () => {
    expect(refuseFile({ mimeType: 'video/webm', byteSize: null }, limits)).toEqual({ reserve: 500 })
  })
})

describe('free space', () => {
  it('is available up to the last byte of the quota', () => {
    const at = { ...roomy, userUsed: 300, userReserved: 500 }
    expect(refuseForRoom(200, at, limits)).toBeNull()
    expect(refuseForRoom(201, at, limits)).toMatchObject({
      code: 'QUOTA_EXCEEDED',
      quotaBytes: 1_000,
      usedBytes: 300,
      reservedBytes: 500,
    })
  })

  it('excludes the space held for other uploads and the free floor', () => {
    const at = { ...roomy, diskFree: 700, ahead: 400 }
    expect(refuseForRoom(200, at, limits)).toBeNull()
    expect(refuseForRoom(201, at, limits)).toMatchObject({
      code: 'STORAGE_UNAVAILABLE',
      retryAfterSeconds: expect.any(Number),
    })
  })

  it('is limited by the configured capacity', () => {
    const at = { ...roomy, taken: 900 }
    expect(refuseForRoom(100, at, { ...limits, total: 1_000 })).toBeNull()
    expect(refuseForRoom(101, at, { ...limits, total: 1_000 })).toMatchObject({ code: 'STORAGE_UNAVAILABLE' })
  })

  it('excludes bytes that the same user has announced and not sent', () => {
    const at = { ...roomy, diskFree: 700, userReserved: 400, userUnheld: 400 }
    expect(refuseForRoom(200, at, limits)).toBeNull()
    expect(refuseForRoom(201, at, limits)?.code).toBe('STORAGE_UNAVAILABLE')
  })

  it('is refused above the number of unfinished uploads per user and in total', () => {
    expect(refuseForRoom(1, { ...roomy, userOpen: 2, open: 4 }, limits)).toBeNull()
    expect(refuseForRoom(1, { ...roomy, userOpen: 3 }, limits)).toMatchObject({
      code: 'RATE_LIMITED',
      message: expect.stringMatching(/limit is 3\..*cancelUpload/),
    })
    expect(refuseForRoom(1, { ...roomy, open: 5 }, limits)).toMatchObject({ code: 'STORAGE_UNAVAILABLE' })
  })

  it('suffices for a live recording if its first held bytes fit', () => {
    const at = { ...roomy, diskFree: 5 * 1024 ** 2 }
    const quota = { ...limits, userQuota: 1024 ** 4 }
    expect(refuse({ byteSize: null, reserve: 1024 ** 3 }, at, quota)).toBeNull()
    expect(refuse({ byteSize: 1024 ** 3, reserve: 1024 ** 3 }, at, quota)?.code).toBe('STORAGE_UNAVAILABLE')
  })
})

describe('the space that an upload holds', () => {
  const MIB = 1024 ** 2
  const at = { arrived: 0, upTo: 1, maxBytes: 1024 * MIB, heldBytes: 0, room: 1024 * MIB }

  it.each([
    ['a small part ahead at first', {}, 4 * MIB + 1],
    ['as much ahead as has arrived', { arrived: 10 * MIB, upTo: 11 * MIB, heldBytes: 10 * MIB }, 21 * MIB],
    ['limited to 64 MiB ahead', { arrived: 500 * MIB, upTo: 501 * MIB, heldBytes: 500 * MIB }, 565 * MIB],
    ['limited to the largest size of the upload', { maxBytes: MIB }, MIB],
    ['limited to the free space', { room: 100 }, 100],
    ['unchanged if no space is free', { room: -5, heldBytes: 7, arrived: 7, upTo: 8 }, 7],
  ])('is %s', (_name, change, held) => expect(heldAhead({ ...at, ...change })).toBe(held))
})
