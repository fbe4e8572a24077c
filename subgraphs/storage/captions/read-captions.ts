import { characterCount, cleanLine, cleanText } from '../../../platform/text/clean-text.ts'
import { invalidInput } from '../failures.ts'
import { parseCaptions } from './parse-captions.ts'
import { writeWebVtt } from './write-webvtt.ts'

const MAX_LABEL = 60
const MAX_LANGUAGE = 35

/** The maximum size of a captions file, before and after it is written again. */
export const MAX_CAPTIONS_BYTES = 1024 ** 2

/** Checked captions, as they are stored. */
export type NewCaptions = { language: string; label: string; text: string; byteSize: number }

type Refused = ReturnType<typeof invalidInput>

/** Checks captions and writes them again. Returns them as they are stored, or the failure. */
export async function readCaptions(input: {
  language: string
  label: string
  content: string
}): Promise<NewCaptions | Refused> {
  const language = readLanguage(input.language)
  if (typeof language === 'object') return language
  const label = cleanLine(input.label)
  if (label === '' || characterCount(label) > MAX_LABEL) {
    return invalidInput(
      'input.label',
      `The label is empty or too long. Use 1 to ${MAX_LABEL} visible characters.`,
    )
  }
  if (Buffer.byteLength(input.content) > MAX_CAPTIONS_BYTES) return tooLarge('The file has')
  const parsed = await parseCaptions(cleanText(input.content.replace(/^\ufeff/, '')))
  if ('problem' in parsed) {
    return invalidInput(
      'input.content',
      `The captions cannot be read. Line ${parsed.line}: ${parsed.problem}.`,
    )
  }
  const text = writeWebVtt(parsed)
  const byteSize = Buffer.byteLength(text)
  return byteSize > MAX_CAPTIONS_BYTES
    ? tooLarge('With its escaped characters the file has')
    : { language, label, text, byteSize }
}

/** Returns a language tag in its canonical spelling, or the failure. */
export function readLanguage(tag: string): string | Refused {
  try {
    const [language] = tag.length <= MAX_LANGUAGE ? Intl.getCanonicalLocales(tag) : []
    if (language !== undefined) return language
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
  }
  return invalidInput(
    'input.language',
    'The language is not a BCP 47 tag. Send one such as "en" or "zh-Hans".',
  )
}

function tooLarge(what: string): Refused {
  return invalidInput(
    'input.content',
    `${what} more than ${MAX_CAPTIONS_BYTES} bytes. Shorten it, or split the recording.`,
  )
}
