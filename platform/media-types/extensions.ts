const EXTENSIONS: Readonly<Record<string, string>> = {
  'video/mp4': 'mp4',
  'video/quicktime': 'mov',
  'video/webm': 'webm',
  'video/x-matroska': 'mkv',
  'video/matroska': 'mkv',
  'video/3gpp': '3gp',
  'video/3gpp2': '3g2',
  'video/ogg': 'ogv',
  'video/mp2t': 'ts',
  'video/mpeg': 'mpg',
  'video/x-msvideo': 'avi',
  'video/vnd.avi': 'avi',
  'video/x-flv': 'flv',
  'audio/mp4': 'm4a',
  'audio/mpeg': 'mp3',
  'audio/aac': 'aac',
  'audio/ogg': 'ogg',
  'audio/wav': 'wav',
  'audio/flac': 'flac',
  'audio/amr': 'amr',
  'audio/webm': 'weba',
  'audio/matroska': 'mka',
  'audio/x-matroska': 'mka',
  'audio/3gpp': '3gp',
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/webp': 'webp',
  'image/gif': 'gif',
  'image/heic': 'heic',
  'image/avif': 'avif',
  'text/vtt': 'vtt',
}

const KNOWN: ReadonlySet<string> = new Set([
  ...Object.values(EXTENSIONS),
  ...['jpeg', 'jpe', 'heif', 'm4v', 'mp4v', 'mpeg', 'mts', 'm2ts', 'vob', 'oga', 'opus', 'wave', 'jfif'],
])

/** The file name extension for a media type, without the dot; null if none is known. */
export function extensionOf(mimeType: string): string | null {
  return EXTENSIONS[mimeType.split(';')[0]?.trim().toLowerCase() ?? ''] ?? null
}

/** Removes a known media extension from a file name. Other extensions stay. */
export function withoutMediaExtension(name: string): string {
  const [, stem, extension = ''] = /^(.+)\.([a-z0-9]{1,5})$/iu.exec(name) ?? []
  return stem !== undefined && KNOWN.has(extension.toLowerCase()) ? stem : name
}
