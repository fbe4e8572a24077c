import { extensionOf, withoutMediaExtension } from '../../../platform/media-types/extensions.ts'
import { cleanLine } from '../../../platform/text/clean-text.ts'
import { shorten } from '../../../platform/text/shorten.ts'
import type { Medium } from '../media/medium.ts'

const NEUTRAL_NAME = 'moblog'
// What Windows takes in no name, and separators everywhere.
const FORBIDDEN = /[<>:"/\\|?*\p{Cc}]+/gu
// Windows takes these for devices, whatever extension follows.
const DEVICES = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?=$|\s*\.)/iu
// File systems take 255 bytes; a browser adds a number and an extension of its own while it saves.
const MOST_CHARACTERS = 150
const MOST_BYTES = 200

/**
 * How a browser shows a medium and names it when it is saved (RFC 6266): in ASCII for old clients and in UTF-8 for all
 * others (RFC 8187).
 *
 * @param title as the viewer may know it; empty where there is none
 * @param mimeType of what is sent
 * @param isDownload to be saved rather than shown
 */
export function contentDisposition(
  { title, mimeType }: Pick<Medium, 'title' | 'mimeType'>,
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
 * What a medium is called as a file, on any system: its title, with the extension of what is sent. Where the title ends
 * in the extension of what was uploaded, that goes.
 */
export function savedName(title: string, mimeType: string): string {
  const line = cleanLine(title).replace(FORBIDDEN, ' ')
  const stem = trimmed(shortened(withoutMediaExtension(trimmed(line)))) || NEUTRAL_NAME
  const extension = extensionOf(mimeType)
  return `${stem.replace(DEVICES, '_$1')}${extension === null ? '' : `.${extension}`}`
}

// No hidden file, and no end that Windows drops.
function trimmed(name: string): string {
  return name.replace(/^[\s.]+|[\s.]+$/gu, '').replace(/\s+/gu, ' ')
}

function shortened(name: string): string {
  for (let most = MOST_CHARACTERS; ; most -= 10) {
    const short = shorten(name, most, '')
    if (Buffer.byteLength(short) <= MOST_BYTES || most <= 10) return short
  }
}
