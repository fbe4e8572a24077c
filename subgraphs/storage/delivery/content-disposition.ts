import type { Medium } from '../media/medium.ts'

const EXTENSIONS: Record<string, string> = {
  'video/mp4': 'mp4',
  'video/quicktime': 'mov',
  'video/webm': 'webm',
  'video/x-matroska': 'mkv',
  'video/3gpp': '3gp',
  'video/3gpp2': '3g2',
  'video/ogg': 'ogv',
  'audio/mp4': 'm4a',
  'audio/mpeg': 'mp3',
  'audio/aac': 'aac',
  'audio/ogg': 'ogg',
  'audio/wav': 'wav',
  'audio/flac': 'flac',
  'audio/amr': 'amr',
  'audio/webm': 'weba',
  'audio/3gpp': '3gp',
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/webp': 'webp',
  'image/gif': 'gif',
  'image/heic': 'heic',
  'image/avif': 'avif',
}

/**
 * How a browser shows a medium and names it when it is saved (RFC 6266). The name is the title, in ASCII for old
 * clients and in UTF-8 for all others (RFC 8187), with the extension of what it really is.
 *
 * @param isDownload to be saved rather than shown
 */
export function contentDisposition(
  { title, mimeType }: Pick<Medium, 'title' | 'mimeType'>,
  isDownload: boolean,
) {
  const extension = EXTENSIONS[mimeType] ? `.${EXTENSIONS[mimeType]}` : ''
  const name =
    title
      .replace(/[\p{Cc}/\\]+/gu, ' ')
      .trim()
      .toWellFormed() || 'moblog'
  const ascii = name.replace(/[^\x20-\x7e]|["%]/g, '_')
  const encoded = encodeURIComponent(name).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16)}`,
  )
  const kind = isDownload ? 'attachment' : 'inline'
  return `${kind}; filename="${ascii}${extension}"; filename*=UTF-8''${encoded}${extension}`
}
