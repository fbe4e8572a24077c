import type { IncomingMessage } from 'node:http'

/** The languages in which pages are written. */
export type WrittenLanguage = 'en' | 'zh-Hans'

/**
 * The language of a page, as a value of the `lang` attribute (BCP 47). English has the region of the reader, by which dates
 * are written.
 */
export type PageLanguage = WrittenLanguage | `en-${string}`

/** The preferred page language of an `Accept-Language` header (RFC 9110 §12.5.4); English if it names none of ours. */
export function chooseLanguage(header: string | undefined): PageLanguage {
  const tags = (header ?? '').split(',').map((part, index) => {
    const [tag = '', ...parameters] = part.trim().toLowerCase().split(';')
    const quality = parameters
      .map((text) => /^\s*q=([\d.]+)$/.exec(text)?.[1])
      .find((value) => value !== undefined)
    return { tag, quality: quality === undefined ? 1 : Number(quality), index }
  })
  const supported = tags
    .filter(({ tag, quality }) => quality > 0 && /^(en|zh)(-|$)/.test(tag))
    .sort((one, other) => other.quality - one.quality || one.index - other.index)
  const tag = supported[0]?.tag ?? 'en'
  if (tag.startsWith('zh')) return 'zh-Hans'
  const region = /^en-(?:[a-z]{4}-)?([a-z]{2})(?:-|$)/.exec(tag)?.[1]
  return region === undefined ? 'en' : `en-${region.toUpperCase()}`
}

/** The language in which to answer a request. */
export function languageOf({ headers }: IncomingMessage): PageLanguage {
  return chooseLanguage(headers['accept-language'])
}
