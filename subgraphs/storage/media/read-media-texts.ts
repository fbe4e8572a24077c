import type { UpdateMediaInput } from '../../../generated/graphql/storage.ts'
import { characterCount, cleanLine, cleanText } from '../../../platform/text/clean-text.ts'
import { invalidInput } from '../failures.ts'
import type { MediaTexts } from './media-store.ts'

const MAX_TITLE = 255
const MAX_ALT_TEXT = 1_500

/** Checks the new texts of a media file. Returns them as they are stored, or the failure. */
export function readMediaTexts({
  title,
  altText,
}: Pick<UpdateMediaInput, 'title' | 'altText'>): MediaTexts | ReturnType<typeof invalidInput> {
  const cleanTitle = title == null ? null : cleanLine(title)
  const cleanAltText = altText == null ? null : cleanText(altText)
  if (characterCount(cleanTitle ?? '') > MAX_TITLE) {
    return invalidInput(
      'input.title',
      `The title has ${characterCount(cleanTitle ?? '')} characters. Shorten it to at most ${MAX_TITLE}.`,
    )
  }
  if (characterCount(cleanAltText ?? '') > MAX_ALT_TEXT) {
    return invalidInput(
      'input.altText',
      `The description has ${characterCount(cleanAltText ?? '')} characters. Shorten it to at most ${MAX_ALT_TEXT}.`,
    )
  }
  return {
    ...(cleanTitle !== null && { title: cleanTitle }),
    ...(cleanAltText !== null && { altText: cleanAltText || null }),
  }
}
