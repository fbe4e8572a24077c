import { extensionOf, withoutMediaExtension } from '../../../platform/media-types/extensions.ts'
import { cleanLine } from '../../../platform/text/clean-text.ts'
import { shorten } from '../../../platform/text/shorten.ts'
import type { Media } from '../media/media.ts'

const NEUTRAL_NAME = 'moblog'
// Characters that Windows allows in no name, and path separators of all systems.
const FORBIDDEN = /[<>:"/\\|?*\p{Cc}]+/gu
// Windows treats these names as devices, with any extension.
const DEVICES = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?=$|\s*\.)/iu
// File systems allow 255 bytes; a browser adds a number and an extension when it saves.
const MAX_CHARACTERS = 150
const MAX_BYTES = 200

/**
 * The `Content-Disposition` of a media file (RFC 6266): how a browser shows it, and the name under which it is saved.
 * The name is given in ASCII for old clients and in UTF-8 for all others (RFC 8187).
 *
 * @param title the title that the viewer may see; empty if there is none
 * @param mimeType the MIME type of the variant that is sent
 * @param isDownload true to save the file instead of showing it
 */
export function contentDisposition(
  { title, mimeType }: Pick<Media, 'title' | 'mimeType'>,
  isDownload: boolean,
) {
  const name = savedName(title, mimeType)
  const ascii = name.replace(/[^\x20-\x7e]|["%\\]/gu, '_')
  const encoded = encodeURIComponent(name).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  return `${isDownload ? 'attachment' : 'inline'}; filename="${ascii}"; filename*=UTF-8''${encoded}`
}

/**
 * The file name of a media file, valid on every system: its title with the extension of the variant that is sent. If
 * the title ends with the extension of the uploaded file, that extension is removed.
 */
export function savedName(title: string, mimeType: string): string {
  const line = cleanLine(title).replace(FORBIDDEN, ' ')
  const stem = trimmed(shortened(withoutMediaExtension(trimmed(line)))) || NEUTRAL_NAME
  const extension = extensionOf(mimeType)
  return `${stem.replace(DEVICES, '_$1')}${extension === null ? '' : `.${extension}`}`
}

// Prevents hidden files, and removes ends that Windows drops.
function trimmed(name: string): string {
  return name.replace(/^[\s.]+|[\s.]+$/gu, '').replace(/\s+/gu, ' ')
}

function shortened(name: string): string {
  for (let most = MAX_CHARACTERS; ; most -= 10) {
    const short = shorten(name, most, '')
    if (Buffer.byteLength(short) <= MAX_BYTES || most <= 10) return short
  }
}
