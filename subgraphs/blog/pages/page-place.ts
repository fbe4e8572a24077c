import { type Html, html } from '../../../platform/pages/html.ts'
import type { PageWords } from './page-language.ts'
import { PAGE_SCRIPTS } from './page-scripts.ts'
import type { PublicAddresses } from './public-addresses.ts'

/**
 * Where a page is shown. Its links and scripts have addresses relative to the page: the policy of the page allows
 * scripts of its own origin only, and a proxy may serve the page below another path.
 */
export type PagePlace = {
  /** The relative address of the folder that contains `m/`: empty or several `../`. */
  root: string
  /**
   * The public addresses if this is a public page, which may be shared and indexed by search engines; null for a page
   * opened with a token.
   */
  addresses: PublicAddresses | null
  /** The address of the web client, without a `/` at the end. */
  client: string
}

/** The relative address that leads from a path of this service to the folder that contains `m/`. */
export function rootFrom(pathname: string): string {
  return '../'.repeat(pathname.split('/').length - 2)
}

/** Renders the tag that loads the script of `<moblog-player>`. */
export function renderPlayerScript({ root, addresses }: PagePlace, words: PageWords): Html {
  const { player, hls } = PAGE_SCRIPTS
  return html`<script type="module" src="${root}m/${player.path}" data-hls="${root}m/${hls.path}" data-gone="${addresses ? words.stale : words.gone}"
data-failed="${words.unavailable}"></script>`
}

/** Renders the link to the web client above a public page. An app that shows a page with a token needs none. */
export function renderBrand({ addresses, client }: PagePlace, words: PageWords): Html | false {
  return (
    addresses !== null &&
    html`<a class="brand" href="${client}/" aria-label="${words.openClient}">Moblog</a>
`
  )
}
