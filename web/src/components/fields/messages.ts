import { catalogue } from '../../i18n/catalogue.ts'
import { wholeNumber } from '../../i18n/format.ts'

/** The texts of fields, apart from those that the start page needs. */
export const words = catalogue(
  {
    tooLong: (count: number, most: number) =>
      `${wholeNumber(count)} of ${wholeNumber(most)} characters. Shorten the text.`,
  },
  {
    tooLong: (count: number, most: number) =>
      `${wholeNumber(count)} 个字符，最多 ${wholeNumber(most)} 个，请缩短内容。`,
  },
)
