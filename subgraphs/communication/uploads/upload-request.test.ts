import { readUploadRequest } from './upload-request.ts'

const valid = { fileName: 'clip.mp4', mimeType: 'video/mp4', byteSize: 1000 }

describe('a request to upload', () => {
  it('is brought into one form', () => {
    const sha256 = 'AB'.repeat(32)
    const input = { ...valid, fileName: ' clip.mp4 ', mimeType: 'Video/WebM; codecs="vp8,opus"', sha256 }
    expect(readUploadRequest(input)).toEqual({
      fileName: 'clip.mp4',
      title: null,
      mimeType: 'video/webm',
      byteSize: 1000,
      sha256: 'ab'.repeat(32),
    })
  })

  it('may leave the size open while recording', () => {
    const input = { ...valid, byteSize: null, recordedLive: true, title: '海边' }
    expect(readUploadRequest(input)).toMatchObject({ byteSize: null, title: '海边' })
  })

  it.each([
    ['fileName', { fileName: '' }],
    ['fileName', { fileName: 'a'.repeat(256) }],
    ['fileName', { fileName: 'a\u0000b.mp4' }],
    ['fileName', { fileName: 'annexe\u202Egpj.mp4' }],
    ['title', { title: ' ' }],
    ['title', { title: 'a'.repeat(256) }],
    ['mimeType', { mimeType: 'mp4' }],
    ['mimeType', { mimeType: 'video/' }],
    ['mimeType', { mimeType: 'video/mp4\r\nx: y' }],
    ['mimeType', { mimeType: `video/mp4;${'x'.repeat(10_000)}` }],
    ['byteSize', { byteSize: null }],
    ['byteSize', { byteSize: 0 }],
    ['sha256', { sha256: 'abc' }],
    ['sha256', { sha256: 'g'.repeat(64) }],
  ])('says that %s is wrong in %j', (field, change) => {
    expect(readUploadRequest({ ...valid, ...change })).toMatchObject({
      __typename: 'InvalidInput',
      code: 'INVALID_INPUT',
      field: `input.${field}`,
    })
  })
})
