import type { IncomingMessage, ServerResponse } from 'node:http'
import { fileURLToPath } from 'node:url'
import { addVary, preferredCoding } from '../../platform/http/compress.ts'
import { sendJson } from '../../platform/http/respond.ts'
import type { Route } from '../../platform/http/routes.ts'
import { answerUnknownAddress, ownStartPage } from '../../platform/pages/unknown-address.ts'
import { type ClientFile, openClientFiles } from './client-files.ts'
import { contentSecurityPolicy } from './content-security-policy.ts'
import { readSampleAccounts } from './sample-accounts.ts'

/** The options of `webClientRoutes`. */
export type WebClientOptions = {
  /** The origins of media addresses, besides the client's own. */
  mediaOrigins: readonly string[]
  /** The folder with the sample accounts, which the start page offers in development; null in production. */
  samplesIn: string | null
  /** Whether accounts belong to an identity provider, so that nobody can sign in on the start page. */
  signsInElsewhere: boolean
  /** The folder with the built client. */
  folder?: string
}

const BUILT = fileURLToPath(new URL('../../generated/web/', import.meta.url))
const YEAR = 'public, max-age=31536000, immutable'
const ICON = 'icon-192.png'
const NAMED_BY_CONTENT = 'files/'
const ELEMENTS = 'moblog-elements.js'
// Tells the start page that its form could not work (web/src/screens/welcome/sample-accounts.ts).
const ELSEWHERE = 'moblog-signs-in-elsewhere'
// Where the client says that it could not keep what another app has shared (web/src/uploads/share-target.ts).
const NOT_SHARED = '#/write/not-shared'
const CODINGS = ['br', 'gzip'] as const

/** Creates the routes of the reference client (web/). Empty if it is not built. */
export function webClientRoutes({
  mediaOrigins,
  samplesIn,
  signsInElsewhere,
  folder = BUILT,
}: WebClientOptions): Route[] {
  const files = openClientFiles(folder)
  if (!files) return []
  const policy = contentSecurityPolicy(mediaOrigins)

  const send = async (name: string, url: URL, request: IncomingMessage, response: ServerResponse) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return sendJson(response, 405, { message: 'Use GET.' }, { allow: 'GET, HEAD' })
    }
    const file = await files.read(name)
    if (!file) return answerUnknownAddress(request, response, url, ownStartPage)
    response.setHeader('content-security-policy', policy)
    response.setHeader('referrer-policy', 'no-referrer')
    response.setHeader('x-content-type-options', 'nosniff')
    // Pages of other origins load the elements, and browsers load modules only from origins that allow it.
    if (name === ELEMENTS || name.startsWith(NAMED_BY_CONTENT))
      response.setHeader('access-control-allow-origin', '*')
    response.setHeader('cache-control', name.startsWith(NAMED_BY_CONTENT) ? YEAR : 'no-cache')
    sendFile(file, request, response)
  }
  const fileRoute = (path: string, name: string): Route => ({
    path,
    handle: (request, response, url) => send(name, url, request, response),
  })
  const single = files.names.filter((name) => !name.startsWith(NAMED_BY_CONTENT))
  return [
    fileRoute('/', 'index.html'),
    ...single.map((name) => fileRoute(`/${name}`, name)),
    // Browsers ask for it when an address that they show names no icon.
    ...(single.includes(ICON) ? [fileRoute('/favicon.ico', ICON)] : []),
    {
      path: `/${NAMED_BY_CONTENT}`,
      handle: (request, response, url) => send(url.pathname.slice(1), url, request, response),
    },
    {
      // The service worker of the client answers this, but a browser may have deleted it, or not started it yet.
      path: '/share',
      async handle(request, response, url) {
        if (request.method !== 'POST') {
          await answerUnknownAddress(request, response, url, ownStartPage)
          return
        }
        // Browsers read the answer only after they have sent everything.
        request.resume()
        response.writeHead(303, {
          location: `${ownStartPage(url.pathname)}${NOT_SHARED}`,
          'cache-control': 'no-store',
        })
        response.end()
      },
    },
    {
      path: '/sample-accounts.json',
      async handle(_request, response) {
        const accounts = samplesIn === null ? [] : await readSampleAccounts(samplesIn)
        sendJson(response, 200, accounts, {
          'cache-control': 'no-store',
          ...(signsInElsewhere && { [ELSEWHERE]: 'true' }),
        })
      },
    },
  ]
}

function sendFile(file: ClientFile, request: IncomingMessage, response: ServerResponse): void {
  addVary(response, 'accept-encoding')
  const stored = CODINGS.filter((coding) => file.compressed.has(coding))
  const coding = preferredCoding(request.headers['accept-encoding'], stored)
  const bytes = (coding && file.compressed.get(coding)) ?? file.bytes
  // The compressed file is another representation, so it has another tag.
  const tag = `"${file.tag}${coding ? `-${coding}` : ''}"`
  response.setHeader('etag', tag)
  if (isKnown(request.headers['if-none-match'], tag)) {
    response.writeHead(304).end()
    return
  }
  response.writeHead(200, {
    'content-type': file.type,
    'content-length': bytes.length,
    ...(coding && { 'content-encoding': coding }),
  })
  response.end(request.method === 'HEAD' ? undefined : bytes)
}

function isKnown(header: string | undefined, tag: string): boolean {
  const tags = (header ?? '').split(',').map((each) => each.trim().replace(/^W\//, ''))
  return tags.includes(tag) || tags.includes('*')
}
