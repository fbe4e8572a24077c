import type { Route } from '../../../platform/http/routes.ts'
import { isId } from '../../../platform/ids.ts'
import { languageOf } from '../../../platform/pages/page-language.ts'
import type { LoadDependencies } from './load-page.ts'
import { loadMoblogByHandle, loadPostByHandle } from './load-public-page.ts'
import { renderPage } from './page.ts'
import { answerPages, type Exchange, type PageAdmission, sendNotice, WEIGHTS } from './page-exchange.ts'
import { pageHeaders } from './page-headers.ts'
import { rootFrom } from './page-place.ts'
import { renderPostPage } from './post-page.ts'
import type { PublicAddresses } from './public-addresses.ts'
import { sendPublic } from './send-page.ts'
import type { Page } from './shown-page.ts'

/** The dependencies of serving public pages. */
export type PublicPageDependencies = LoadDependencies & {
  addresses: PublicAddresses
  /** The address of the web client, without a `/` at the end. */
  client: string
  admission: PageAdmission
}

// Some programs write `@` in an encoded form, which means the same (RFC 3986 §6.2.2.2).
const PREFIXES = ['/@', '/%40']

/**
 * Serves the public addresses: `/@<handle>` is the public page of a moblog, and `/@<handle>/<postId>` is the page of
 * one of its public posts. Everything else gets the same 404, for every reason.
 */
export function publicPageRoutes(dependencies: PublicPageDependencies): Route[] {
  return PREFIXES.map((path) => ({
    path,
    isPrefix: true,
    ...answerPages(dependencies.admission, (exchange) => ({
      weight: WEIGHTS.page,
      viewerId: null,
      answer: () => answer(exchange, dependencies, path),
    })),
  }))
}

function answer(exchange: Exchange, dependencies: PublicPageDependencies, prefix: string): Promise<void> {
  const { pathname } = exchange.url
  const [first = '', postId = '', ...rest] = pathname.slice(prefix.length).replace(/\/$/, '').split('/')
  const handle = decoded(first)
  if (handle === null || rest.length > 0) return sendNotice(exchange, 404, 'missing')
  if (postId === '') return sendMoblogOf(exchange, dependencies, handle)
  return isId(postId)
    ? sendPost(exchange, dependencies, handle, postId)
    : sendNotice(exchange, 404, 'missing')
}

async function sendMoblogOf(
  exchange: Exchange,
  dependencies: PublicPageDependencies,
  handle: string,
): Promise<void> {
  const after = exchange.url.searchParams.get('after')
  await sendMoblog(exchange, dependencies, await loadMoblogByHandle(dependencies, handle, after))
}

async function sendPost(
  exchange: Exchange,
  dependencies: PublicPageDependencies,
  handle: string,
  postId: string,
): Promise<void> {
  const { request, response, url } = exchange
  const page = await loadPostByHandle(dependencies, handle, postId, url.searchParams.get('after'))
  if (!page) return sendNotice(exchange, 404, 'missing')
  const place = {
    root: rootFrom(url.pathname),
    addresses: dependencies.addresses,
    client: dependencies.client,
  }
  const { markup } = renderPostPage(page, languageOf(request), place)
  await sendPublic(request, response, markup, pageHeaders(page.media.values()))
}

/** Sends the public page of a moblog; null is a page that does not exist. */
export async function sendMoblog(
  exchange: Exchange,
  { addresses, client }: PublicPageDependencies,
  page: Page | null,
): Promise<void> {
  const { request, response, url } = exchange
  if (!page) return sendNotice(exchange, 404, 'missing')
  const place = { root: rootFrom(url.pathname), addresses, client }
  const { markup } = renderPage(page, languageOf(request), place)
  await sendPublic(request, response, markup, pageHeaders(page.media.values()))
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text)
  } catch {
    return null
  }
}
