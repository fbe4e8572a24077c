/** The families of media that each have a limit of their own. */
export type MediaFamily = 'audio' | 'video' | 'image'

const IMAGE_TYPES = ['jpeg', 'png', 'webp', 'gif', 'heic', 'avif'].map((subtype) => `image/${subtype}`)
// Other names of theirs, as some pickers of files give them.
const IMAGE_ALIASES = ['image/jpg', 'image/pjpeg', 'image/x-png', 'image/heif']

/** The announced types that are taken, for the refusal of any other. */
export const SUPPORTED_MIME_TYPES: readonly string[] = ['audio/*', 'video/*', ...IMAGE_TYPES]

/**
 * The family of an announced MIME type (RFC 6838); null for what is not taken. Parameters such as `codecs` don't
 * matter: what the file really is, probing finds out.
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
