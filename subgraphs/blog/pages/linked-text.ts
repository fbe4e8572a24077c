import { type Html, type HtmlValue, html } from '../../../platform/pages/html.ts'
import type { ShownEntity } from '../mentions/shown-entities.ts'
import { findLinks } from '../text-entities/find-links.ts'

/**
 * Turns plain text into markup in which http and https addresses are links. The linked site does not learn which page
 * the link is on, and gets no access to the page.
 */
export function linkedText(text: string): Html {
  const links = findLinks(text).map(({ start, address }) => {
    return { kind: 'link' as const, start, length: address.length, url: address }
  })
  return entityText(text, links, '')
}

/**
 * Turns the text of a post into markup. Links lead to other sites, hashtags and mentions to the web client.
 *
 * @param entities the entities of the text in its order, which do not overlap
 * @param client the address of the web client, without a `/` at the end
 */
export function entityText(text: string, entities: readonly ShownEntity[], client: string): Html {
  const parts: HtmlValue[] = []
  let end = 0
  for (const entity of entities) {
    const { start, length } = entity
    parts.push(text.slice(end, start))
    end = start + length
    parts.push(renderEntity(entity, text.slice(start, end), client))
  }
  return html`${[...parts, text.slice(end)]}`
}

function renderEntity(entity: ShownEntity, text: string, client: string): Html {
  switch (entity.kind) {
    case 'link':
      return html`<a href="${entity.url}" rel="noopener noreferrer nofollow ugc">${text}</a>`
    case 'hashtag':
      return html`<a dir="auto" href="${client}/#/tag/${encodeURIComponent(entity.tag)}">${text}</a>`
    case 'mention':
      return html`<a dir="auto" href="${client}/#/moblog/${entity.userId}">${text}</a>`
  }
}
