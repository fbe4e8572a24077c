import fc from 'fast-check'
import { contentDisposition, savedName } from './content-disposition.ts'

describe('what a medium is called when it is saved', () => {
  it.each([
    ['has the extension of what is sent', 'The sea', 'video/mp4', 'The sea.mp4'],
    ['has it once', 'clip.mp4', 'video/mp4', 'clip.mp4'],
    ['has it once, however it is written', 'CLIP.MP4', 'video/mp4', 'CLIP.mp4'],
    ['has that of a variant, not of the original', 'IMG_1.HEIC', 'image/jpeg', 'IMG_1.jpg'],
    ['has that of a type with parameters', 'a', 'audio/ogg; codecs=opus', 'a.ogg'],
    ['keeps a dot that is no extension', 'Mr. Bean v1.2', 'audio/mp4', 'Mr. Bean v1.2.m4a'],
    ['is neutral where there is no title', '', 'image/jpeg', 'moblog.jpg'],
    ['is neutral where a title is only an extension', '.mp4', 'video/mp4', 'mp4.mp4'],
    ['is neutral where nothing of a title may stay', '///', 'video/mp4', 'moblog.mp4'],
    ['is no path', '../../etc/passwd', 'video/mp4', 'etc passwd.mp4'],
    ['is no path of Windows', 'C:\\a\\b', 'video/mp4', 'C a b.mp4'],
    ['is no hidden file', '.htaccess', 'video/mp4', 'htaccess.mp4'],
    ['is no device of Windows', 'nul', 'video/mp4', '_nul.mp4'],
    ['is no device of Windows with an extension', 'COM1.backup', 'video/mp4', '_COM1.backup.mp4'],
    ['may begin as a device does', 'console', 'video/mp4', 'console.mp4'],
    ['has no direction marks', 'annexe\u202Egpj', 'image/jpeg', 'annexegpj.jpg'],
    ['keeps emoji', '👩‍🚀 launch', 'video/mp4', '👩‍🚀 launch.mp4'],
    ['of an unknown type has no extension', 'a', 'application/x-unknown', 'a'],
  ])('%s', (_what, title, mimeType, name) => expect(savedName(title, mimeType)).toBe(name))

  it('is short enough for any file system, without cutting a character', () => {
    const name = savedName('👨‍👩‍👧‍👦'.repeat(60), 'video/mp4')
    expect(Buffer.byteLength(name)).toBeLessThan(220)
    expect(name).toMatch(/^(👨‍👩‍👧‍👦)+\.mp4$/u)
  })

  it('is sent in a header that any client can read, whatever the title', () => {
    const anything = fc.oneof(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' }))
    fc.assert(
      fc.property(anything, (title) => {
        const header = contentDisposition({ title, mimeType: 'video/mp4' }, true)
        // RFC 6266 §4.1 with a quoted string of printable ASCII, and RFC 8187 §3.2.1.
        const [, ascii = '', encoded = ''] =
          /^attachment; filename="([ !#-[\]-~]+)"; filename\*=UTF-8''([A-Za-z0-9!#$&+.^_`|~-]|%[0-9A-F]{2})+$/.exec(
            header,
          ) ?? []
        expect([ascii, encoded]).not.toContain('')
        expect(ascii).toMatch(/\.mp4$/)
        expect(decodeURIComponent(header.split("''")[1] ?? '')).toBe(savedName(title, 'video/mp4'))
        expect(savedName(title, 'video/mp4')).not.toMatch(/[/\\<>:"|?*\p{Cc}]|^[. ]/u)
      }),
    )
  })

  it('names nothing twice', () =>
    expect(contentDisposition({ title: 'a "b" 100%', mimeType: 'image/png' }, false)).toBe(
      `inline; filename="a b 100_.png"; filename*=UTF-8''a%20b%20100%25.png`,
    ))
})
