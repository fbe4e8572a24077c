import type { Page, Request } from 'playwright-core'

/** A file of the client that a page has loaded, and its size as the server has sent it. */
export type LoadedFile = { name: string; bytes: number }

/** The files of the client that a page has loaded so far, in the order in which they arrived. */
export type LoadedFiles = { soFar(): Promise<LoadedFile[]> }

/** Watches which files of the client a page loads. Answers of the API, and media of users, are none. */
export function watchLoadedFiles(page: Page): LoadedFiles {
  const requests: Request[] = []
  page.on('requestfinished', (request) => {
    const { pathname } = new URL(request.url())
    if (request.method() === 'GET' && !pathname.startsWith('/v/')) requests.push(request)
  })
  return {
    soFar: () =>
      Promise.all(
        requests.slice().map(async (request) => ({
          name: new URL(request.url()).pathname,
          bytes: (await request.sizes()).responseBodySize,
        })),
      ),
  }
}

/** The size of some files together. */
export const sizeOf = (files: readonly LoadedFile[]): number =>
  files.reduce((sum, { bytes }) => sum + bytes, 0)
