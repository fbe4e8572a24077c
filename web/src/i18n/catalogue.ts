import { type Language, language } from './language.ts'

/** A text, or a function that puts values into one. */
type Message = string | ((...values: never[]) => string)
type Messages = Readonly<Record<string, Message>>

/** The type of another language: the same keys, and functions that take the same values. */
type Translated<Source extends Messages> = {
  readonly [Key in keyof Source]: Source[Key] extends string ? string : Source[Key]
}

/**
 * Holds the texts of one folder in all languages. A missing translation is a type error.
 *
 * @returns a function that returns the texts in the current language, or in the one that it is given: `words().send`
 */
export function catalogue<const Source extends Messages>(
  english: Source,
  chinese: Translated<Source>,
): (chosen?: Language) => Translated<Source> {
  return (chosen = language()) => (chosen === 'zh-Hans' ? chinese : (english as Translated<Source>))
}
