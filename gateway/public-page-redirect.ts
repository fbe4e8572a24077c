import type { Route } from '../platform/http/routes.ts'

/**
 * Creates the routes that lead from the public addresses of moblogs and posts (`/@…`) to the service that serves them,
 * for a gateway in a separate process: links to the product work at the address of the gateway too.
 *
 * @param blogUrl the address at which clients reach the service
 */
export function publicPageRedirects(blogUrl: string): Route[] {
  const base = blogUrl.replace(/\/+$/, '')
  return ['/@', '/%40'].map((path) => ({
    path,
    isPrefix: true,
    handle(_request, response, { pathname, search }) {
      response.writeHead(307, {
        location: `${base}${pathname}${search}`,
        'cache-control': 'no-store',
        'content-length': 0,
      })
      response.end()
    },
  }))
}

/**
 * The address to which a separate gateway redirects public addresses. Null if a proxy passes them on: if one did not, a
 * redirect would lead to the gateway again.
 *
 * @param own the service's internal address
 */
export function redirectTarget(
  settings: { BLOG_PUBLIC_URL?: string | undefined; PUBLIC_URL?: string | undefined },
  own: string,
): string | null {
  const { BLOG_PUBLIC_URL: blog, PUBLIC_URL: product } = settings
  if (blog === undefined) return product === undefined ? own : null
  return blog === product ? null : blog
}
