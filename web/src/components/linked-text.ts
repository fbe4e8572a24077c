import { html, type TemplateResult } from 'lit'
import { addressOf } from '../app/routes.ts'
import type { Post } from '../data/home-feed.ts'

const WEB_ADDRESS = /^https?:\/\//i
// A code unit of a surrogate pair without the other one.
const HALF_CHARACTER = /\p{Surrogate}/u

/** Something in a text that leads somewhere. Its place is counted in UTF-16 code units. */
export type TextEntity = Post['entities'][number]

/** A piece of a text. `href` is null for plain text; `isOutside` says that it leads out of the client. */
export type TextPart = { text: string; href: string | null; isOutside: boolean }

/** Renders the text of a post: links, hashtags and mentions are anchors, everything else stays as it is. */
export function linkedText(
  text: string,
  entities: readonly TextEntity[],
): readonly (string | TemplateResult)[] {
  return partsOf(text, entities).map((part) => {
    if (part.href === null) return part.text
    // `dir` keeps the sign before a name next to it when the text around runs the other way.
    return part.isOutside
      ? html`<a dir="auto" href=${part.href} target="_blank" rel="noopener noreferrer nofollow">${part.text}</a>`
      : html`<a dir="auto" href=${part.href}>${part.text}</a>`
  })
}

/**
 * Splits a text at its entities. Together, the parts are always the whole text: an entity whose place does not fit, for
 * example because the text has been edited since, is plain text.
 */
export function partsOf(text: string, entities: readonly TextEntity[]): TextPart[] {
  const parts: TextPart[] = []
  let end = 0
  const addPlain = (until: number) => {
    if (until > end) parts.push({ text: text.slice(end, until), href: null, isOutside: false })
  }
  for (const entity of entities.toSorted((one, other) => one.start - other.start)) {
    const { start, length } = entity
    const href = hrefOf(entity)
    const shown = text.slice(start, start + length)
    const fits = start >= end && length > 0 && shown.length === length && !HALF_CHARACTER.test(shown)
    if (href === null || !fits) continue
    addPlain(start)
    parts.push({ text: shown, href, isOutside: entity.__typename === 'LinkEntity' })
    end = start + length
  }
  addPlain(text.length)
  return parts
}

/** Where an entity leads; null if it leads nowhere. */
function hrefOf(entity: TextEntity): string | null {
  switch (entity.__typename) {
    case 'HashtagEntity':
      return addressOf({ name: 'tag', id: entity.tag })
    case 'MentionEntity':
      return entity.user && addressOf({ name: 'moblog', id: entity.user.id })
    case 'LinkEntity':
      return WEB_ADDRESS.test(entity.url) ? entity.url : null
    default:
      // A kind that a newer server has.
      return null
  }
}
