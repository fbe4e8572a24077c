const UNKNOWN = 'und'

/**
 * Reads the language that a file names for a track. Files use three letters (ISO 639-2), which become two where there are
 * two. Anyone can write a file, so every text leads to a language.
 *
 * @returns a language tag (BCP 47), `und` if the text is none
 */
export function languageOf(text: string | undefined): string {
  try {
    return (/^[A-Za-z-]{2,35}$/.test(text ?? '') && Intl.getCanonicalLocales(text)[0]) || UNKNOWN
  } catch (error) {
    if (error instanceof RangeError) return UNKNOWN
    throw error
  }
}

/** Names a language in itself. */
export function labelOf(language: string): string {
  if (language === UNKNOWN) return 'Captions'
  // Without extensions and private parts, such as in `en-x-foo`, for which Node throws.
  const { baseName } = new Intl.Locale(language)
  return new Intl.DisplayNames([baseName, 'en'], { type: 'language' }).of(baseName) ?? language
}
