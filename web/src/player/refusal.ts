/** Why bytes did not arrive: the token is refused, the server is busy or has them not yet, or the network is down. */
export type Trouble = 'REFUSED' | 'LATER' | 'OFFLINE' | 'NONE'

/** Reads the reason from the status of a response; 0 or undefined if there was none. */
export function troubleOf(status: number | undefined): Trouble {
  if (!status) return 'OFFLINE'
  if (status === 401 || status === 403 || status === 404 || status === 410) return 'REFUSED'
  return status === 429 || status >= 500 ? 'LATER' : 'NONE'
}

/** Why bytes did not arrive, and how long the server wants to be left alone; 0 if it does not say. */
export type Refusal = { trouble: Trouble; retryAfterMs: number }

const LONGEST_RETRY_AFTER_S = 300

/** Reads the header `Retry-After` in seconds, which is what the server sends. */
export function retryAfterMs(header: string | null | undefined): number {
  return /^\d+$/.test(header ?? '') ? 1_000 * Math.min(Number(header), LONGEST_RETRY_AFTER_S) : 0
}

/** A download that the server refuses. */
export class DownloadRefused extends Error {
  readonly status: number
  constructor(status: number) {
    super(`status ${status}`)
    this.status = status
  }
}

/** Asks for the beginning of a file to learn why a media element, which does not tell, cannot load it. */
export async function probe(url: string, signal: AbortSignal): Promise<Refusal> {
  try {
    const response = await fetch(url, { method: 'HEAD', credentials: 'omit', cache: 'no-store', signal })
    return {
      trouble: troubleOf(response.status),
      retryAfterMs: retryAfterMs(response.headers.get('retry-after')),
    }
  } catch {
    return { trouble: 'OFFLINE', retryAfterMs: 0 }
  }
}
