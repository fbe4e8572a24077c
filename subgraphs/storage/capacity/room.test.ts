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
    const at = { ...roomy, diskFree: 700, ahead: 400 }
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

  it('is not there for what its own user has announced and not sent', () => {
    const at = { ...roomy, diskFree: 700, userReserved: 400, userUnheld: 400 }
    expect(refuseForRoom(200, at, limits)).toBeNull()
    expect(refuseForRoom(201, at, limits)?.code).toBe('STORAGE_UNAVAILABLE')
  })

  it('is there for a few unfinished uploads of each user, and a number of all', () => {
    expect(refuseForRoom(1, { ...roomy, userOpen: 2, open: 4 }, limits)).toBeNull()
    expect(refuseForRoom(1, { ...roomy, userOpen: 3 }, limits)).toMatchObject({
      code: 'RATE_LIMITED',
      message: expect.stringMatching(/3 are the most.*cancelUpload/),
    })
    expect(refuseForRoom(1, { ...roomy, open: 5 }, limits)).toMatchObject({ code: 'STORAGE_UNAVAILABLE' })
  })

  it('is asked for a live recording only as far as it holds at first', () => {
    const at = { ...roomy, diskFree: 5 * 1024 ** 2 }
    const quota = { ...limits, userQuota: 1024 ** 4 }
    expect(refuse({ byteSize: null, reserve: 1024 ** 3 }, at, quota)).toBeNull()
    expect(refuse({ byteSize: 1024 ** 3, reserve: 1024 ** 3 }, at, quota)?.code).toBe('STORAGE_UNAVAILABLE')
  })
})

describe('what an upload holds ahead of its bytes', () => {
  const MIB = 1024 ** 2
  const at = { arrived: 0, upTo: 1, maxBytes: 1024 * MIB, heldBytes: 0, room: 1024 * MIB }

  it.each([
    ['a little at first', {}, 4 * MIB + 1],
    ['as much as has arrived', { arrived: 10 * MIB, upTo: 11 * MIB, heldBytes: 10 * MIB }, 21 * MIB],
    ['not more than is good', { arrived: 500 * MIB, upTo: 501 * MIB, heldBytes: 500 * MIB }, 565 * MIB],
    ['not more than is taken', { maxBytes: MIB }, MIB],
    ['not more than there is', { room: 100 }, 100],
    ['nothing where nothing is left', { room: -5, heldBytes: 7, arrived: 7, upTo: 8 }, 7],
  ])('is %s', (_what, change, held) => expect(heldAhead({ ...at, ...change })).toBe(held))
})
