/** Captions that a draft adds to a media file. Their text is in the store of captions, because it may be long. */
export type DraftCaptions = {
  id: string
  fileName: string
  /** A BCP 47 tag, such as `en` or `zh-Hans`. */
  language: string
  /** The name in the menu of players. */
  label: string
}

/** The limits of the API (`AddCaptionsInput`). */
export const MOST_CAPTION_BYTES = 1024 * 1024
export const LONGEST_LABEL = 60
/** How many languages the composer adds to one media file. */
export const MOST_CAPTIONS = 8

/** Whether a file can be captions, by its name. The server parses it. */
export function isCaptionsFile(name: string): boolean {
  return /\.(vtt|srt)$/i.test(name)
}

/** The language in the name of a file such as `talk.zh-Hans.vtt`; the other one if there is none. */
export function languageInName(fileName: string, otherwise: string): string {
  const tag = /\.([a-z]{2,3}(?:-[a-z0-9]{2,8})*)\.(?:vtt|srt)$/i.exec(fileName)?.[1]
  return tag === undefined ? otherwise : (canonicalLanguage(tag) ?? otherwise)
}

/** A language tag as the API returns it; null if it is none. */
export function canonicalLanguage(tag: string): string | null {
  try {
    return Intl.getCanonicalLocales(tag.trim())[0] ?? null
  } catch {
    return null
  }
}

/** What a language calls itself, such as "Deutsch". It is the label unless the user chooses another one. */
export function nameOfLanguage(tag: string): string {
  try {
    return new Intl.DisplayNames([tag], { type: 'language' }).of(tag) ?? tag
  } catch {
    return tag
  }
}

/** Reads the captions of a kept draft; null if they are none. */
export function readCaptions(kept: unknown): DraftCaptions | null {
  if (typeof kept !== 'object' || kept === null) return null
  const { id, fileName, language, label } = kept as { [Key in keyof DraftCaptions]?: unknown }
  const isWhole = [id, fileName, language, label].every((value) => typeof value === 'string')
  return isWhole
    ? { id: String(id), fileName: String(fileName), language: String(language), label: String(label) }
    : null
}
