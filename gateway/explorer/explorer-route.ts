import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { sendText } from '../../platform/http/compress.ts'
import { sendJson } from '../../platform/http/respond.ts'
import type { Route } from '../../platform/http/routes.ts'
import { answerUnknownAddress, ownStartPage } from '../../platform/pages/unknown-address.ts'
import { hasCode } from '../../platform/system-error.ts'
import { preparedOperations } from './prepared-operations.ts'

type File = { type: string; path: string }

// All scripts and styles come from this server. Only style attributes are inline, which the editor sets while one types.
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src-elem 'self'",
  "style-src-attr 'unsafe-inline'",
  "font-src 'self' data:",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

// Addresses are relative, because a proxy may serve the product below a path.
const PAGE = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Moblog explorer</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="explorer/graphiql.css">
<link rel="stylesheet" href="explorer/explorer.css">
<form>
  <label for="token">Access token</label>
  <input id="token" type="password" autocomplete="off" placeholder="session.accessToken of signUp or signIn">
  <button>Use</button>
  <output></output>
</form>
<main></main>
<script src="explorer/react.js"></script>
<script src="explorer/react-dom.js"></script>
<script src="explorer/graphiql.js"></script>
<script type="module" src="explorer/explorer.js"></script>
</html>
`

/**
 * Creates the routes of GraphiQL for development. Unlike Apollo Sandbox it needs no internet. Empty if its packages are
 * not installed, as after `npm ci --omit=dev`.
 */
export function explorerRoutes(): Route[] {
  const files = filesOfPackages()
  if (!files) return []
  return [
    {
      path: '/graphql/explorer',
      async handle(request, response, { pathname }) {
        if (pathname.endsWith('/')) {
          response.writeHead(302, { location: '../explorer' }).end()
          return
        }
        await sendText(request, response, 200, PAGE, {
          'content-type': 'text/html; charset=utf-8',
          'content-security-policy': CONTENT_SECURITY_POLICY,
          'referrer-policy': 'no-referrer',
        })
      },
    },
    {
      path: '/graphql/explorer/',
      async handle(request, response, url) {
        const name = url.pathname.slice('/graphql/explorer/'.length)
        if (name === 'operations.json') return sendJson(response, 200, preparedOperations())
        const file = files.get(name)
        if (!file) return answerUnknownAddress(request, response, url, ownStartPage)
        const text = await readFile(file.path, 'utf8')
        await sendText(request, response, 200, text, {
          'content-type': `${file.type}; charset=utf-8`,
          'cache-control': 'no-cache',
        })
      },
    },
  ]
}

function filesOfPackages(): ReadonlyMap<string, File> | null {
  const react = folderOf('react')
  const reactDom = folderOf('react-dom')
  const graphiql = folderOf('graphiql')
  if (!react || !reactDom || !graphiql) return null
  const explorer = fileURLToPath(new URL('./browser/explorer.js', import.meta.url))
  const script = (...file: string[]) => ({ type: 'text/javascript', path: path.join(...file) })
  const style = (...file: string[]) => ({ type: 'text/css', path: path.join(...file) })
  return new Map([
    ['react.js', script(react, 'umd/react.production.min.js')],
    ['react-dom.js', script(reactDom, 'umd/react-dom.production.min.js')],
    ['graphiql.js', script(graphiql, 'graphiql.min.js')],
    ['graphiql.css', style(graphiql, 'graphiql.min.css')],
    ['explorer.js', script(explorer)],
    ['explorer.css', style(path.dirname(explorer), 'explorer.css')],
  ])
}

function folderOf(name: string): string | null {
  try {
    return path.dirname(createRequire(import.meta.url).resolve(`${name}/package.json`))
  } catch (error) {
    if (hasCode(error, 'MODULE_NOT_FOUND')) return null
    throw error
  }
}
