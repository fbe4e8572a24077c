import { readUploadRequest } from './upload-request.ts'

const valid = { fileName: 'clip.mp4', mimeType: 'video/mp4', byteSize: 1000 }

describe('an upload request', () => {
  it('is normalized', () => {
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

  it('may omit the size during a live recording', () => {
    const input = { ...valid, byteSize: null, recordedLive: true, title: '海边' }
    expect(readUploadRequest(input)).toMatchObject({ byteSize: null, title: '海边' })
  })

  it.each([
    ['visible joiners', 'می\u200Cخواهم.mp4', 'می\u200Cخواهم.mp4'],
    ['joiners without an effect', 'a\u200D\u200Cb.mp4', 'ab.mp4'],
    ['direction marks', '\u200Eclip\u200F.mp4', 'clip.mp4'],
    ['a direction override', 'annexe\u202Egpj.mp4', 'annexegpj.mp4'],
    ['isolates', '\u2068clip\u2069.mp4', 'clip.mp4'],
    ['soft hyphens', 'holi\u00ADday.mp4', 'holiday.mp4'],
    ['the flag of a region', '🏴󠁧󠁢󠁥󠁮󠁧󠁿.mp4', '🏴󠁧󠁢󠁥󠁮󠁧󠁿.mp4'],
    ['tabs and line breaks', 'a\tb\r\nc.mp4', 'a b c.mp4'],
    ['NUL and other control characters', 'a\u0000b\u001Bc.mp4', 'abc.mp4'],
    ['a byte order mark', '\uFEFFclip.mp4', 'clip.mp4'],
    ['decomposed accents', 'e\u0301te\u0301.mov', 'été.mov'],
  ])('may have a file name and a title with %s, which are cleaned', (_what, name, read) => {
    expect(readUploadRequest({ ...valid, fileName: name, title: name })).toMatchObject({
      fileName: read,
      title: read,
    })
  })

  it('has a long file name shortened before its extension, at a whole character', () => {
    const names = ['x'.repeat(300), '👨‍👩‍👧‍👦'.repeat(100), 'é'.repeat(256)].map((name) => {
      const request = readUploadRequest({ ...valid, fileName: `${name}.mp4` })
      return 'fileName' in request ? request.fileName : ''
    })
    for (const name of names) expect([...name].length).toBeLessThanOrEqual(255)
    expect(names[0]).toBe(`${'x'.repeat(250)}….mp4`)
    expect(names[1]).toMatch(/^(👨‍👩‍👧‍👦)+….mp4$/u)
  })

  it.each([
    ['fileName', { fileName: '' }],
    ['fileName', { fileName: '\u200B\u2060' }],
    ['fileName', { fileName: 'a'.repeat(5_000) }],
    ['fileName', { fileName: '\u0000\u001B' }],
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
  ])('is refused with the field %s for %j', (field, change) => {
    expect(readUploadRequest({ ...valid, ...change })).toMatchObject({
      __typename: 'InvalidInput',
      code: 'INVALID_INPUT',
      field: `input.${field}`,
    })
  })
})
