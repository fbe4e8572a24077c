import { type HttpServer, startHttpServer } from '../../platform/http/server.ts'
import type { Service } from '../../platform/service.ts'
import { type BlogUnderTest, startBlogUnderTest } from './blog.ts'

/** A running blog service whose pages are served over HTTP. */
export type PagesUnderTest = BlogUnderTest & {
  /** The base address of the pages, ending with `/m/`. */
  address: string
  /** The origin of all addresses, such as `http://127.0.0.1:1234`. */
  origin: string
}

/** Starts a blog service with an HTTP server for a test. */
export async function startPagesUnderTest(env: Record<string, string> = {}): Promise<PagesUnderTest> {
  const blog = await startBlogUnderTest({}, env)
  const server = await serve(blog.service, blog)
  return {
    ...blog,
    address: `http://127.0.0.1:${server.port}/m/`,
    origin: `http://127.0.0.1:${server.port}`,
    async stop() {
      await server.stop()
      await blog.stop()
    },
  }
}

/** Serves a service's public routes over HTTP. */
export function serve({ routes, ready }: Service, { host }: BlogUnderTest): Promise<HttpServer> {
  return startHttpServer({ host: '127.0.0.1', port: 0, routes, ready, log: host.log })
}
