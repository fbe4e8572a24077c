import fc from 'fast-check'
import { contentDisposition, savedName } from './content-disposition.ts'

describe('the file name of a saved media file', () => {
  it.each([
    ['has the extension of the variant', 'The sea', 'video/mp4', 'The sea.mp4'],
    ['has the extension once', 'clip.mp4', 'video/mp4', 'clip.mp4'],
    ['has the extension once, regardless of case', 'CLIP.MP4', 'video/mp4', 'CLIP.mp4'],
    ['has the extension of the variant instead of the original', 'IMG_1.HEIC', 'image/jpeg', 'IMG_1.jpg'],
    ['has the extension of a type with parameters', 'a', 'audio/ogg; codecs=opus', 'a.ogg'],
    ['keeps a dot that is no extension', 'Mr. Bean v1.2', 'audio/mp4', 'Mr. Bean v1.2.m4a'],
    ['is neutral without a title', '', 'image/jpeg', 'moblog.jpg'],
    ['keeps a title that is only an extension', '.mp4', 'video/mp4', 'mp4.mp4'],
    ['is neutral if no character of the title is allowed', '///', 'video/mp4', 'moblog.mp4'],
    ['contains no path', '../../etc/passwd', 'video/mp4', 'etc passwd.mp4'],
    ['contains no Windows path', 'C:\\a\\b', 'video/mp4', 'C a b.mp4'],
    ['does not name a hidden file', '.htaccess', 'video/mp4', 'htaccess.mp4'],
    ['is not a Windows device', 'nul', 'video/mp4', '_nul.mp4'],
    ['is not a Windows device with an extension', 'COM1.backup', 'video/mp4', '_COM1.backup.mp4'],
    ['may begin like a device', 'console', 'video/mp4', 'console.mp4'],
    ['has no direction marks', 'annexe\u202Egpj', 'image/jpeg', 'annexegpj.jpg'],
    ['keeps emoji', '👩‍🚀 launch', 'video/mp4', '👩‍🚀 launch.mp4'],
    ['has no extension for an unknown type', 'a', 'application/x-unknown', 'a'],
  ])('%s', (_name, title, mimeType, name) => expect(savedName(title, mimeType)).toBe(name))

  it('is short enough for any file system and does not cut a character', () => {
    const name = savedName('👨‍👩‍👧‍👦'.repeat(60), 'video/mp4')
    expect(Buffer.byteLength(name)).toBeLessThan(220)
    expect(name).toMatch(/^(👨‍👩‍👧‍👦)+\.mp4$/u)
  })

  it('is sent in a valid header for any title', () => {
    const anything = fc.oneof(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' }))
    fc.assert(
      fc.property(anything, (title) => {
        const header = contentDisposition({ title, mimeType: 'video/mp4' }, true)
        // RFC 6266 §4.1 with a quoted string of printable ASCII, and RFC 8187 §3.2.1.
        const [, ascii = '', encoded = ''] =
          /^attachment; filename="([ !#-[\]-~]+)"; filename\*=UTF-8''((?:[A-Za-z0-9!#$&+.^_`|~-]|%[0-9A-F]{2})+)$/.exec(
            header,
          ) ?? []
        expect([ascii, encoded]).not.toContain('')
        expect(ascii).toMatch(/\.mp4$/)
        expect(decodeURIComponent(encoded)).toBe(savedName(title, 'video/mp4'))
        expect(savedName(title, 'video/mp4')).not.toMatch(/[/\\<>:"|?*\p{Cc}]|^[. ]/u)
      }),
    )
  })

  it('is escaped in both parameters of the header', () =>
    expect(contentDisposition({ title: 'a "b" 100%', mimeType: 'image/png' }, false)).toBe(
      `inline; filename="a b 100_.png"; filename*=UTF-8''a%20b%20100%25.png`,
    ))
})
