/** The families of media that have separate limits. */
export type MediaFamily = 'audio' | 'video' | 'image'

const IMAGE_TYPES = ['jpeg', 'png', 'webp', 'gif', 'heic', 'avif'].map((subtype) => `image/${subtype}`)
// Other names of the same types, which some file pickers report.
const IMAGE_ALIASES = [
  'image/jpg',
  'image/pjpeg',
  'image/x-png',
  'image/apng',
  'image/vnd.mozilla.apng',
  'image/heif',
]

/** The MIME types that are accepted, for the failure of any other type. */
export const SUPPORTED_MIME_TYPES: readonly string[] = ['audio/*', 'video/*', ...IMAGE_TYPES]

/**
 * The family of an announced MIME type (RFC 6838); null if the type is not accepted. Parameters such as `codecs` are
 * ignored, because probing determines what the file really is.
 */
export function mediaFamily(mimeType: string): MediaFamily | null {
  const [, type, family] =
    /^((audio|video|image)\/[a-z0-9!#$&^_.+-]{1,100})\s*(?:;|$)/i.exec(mimeType.trim()) ?? []
  if (!type || !family) return null
  const name = family.toLowerCase()
  if (name === 'image')
    return [...IMAGE_TYPES, ...IMAGE_ALIASES].includes(type.toLowerCase()) ? 'image' : null
  return name === 'audio' ? 'audio' : 'video'
}
