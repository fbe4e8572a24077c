/** Why bytes did not arrive: the token is refused, the server is busy or has them not yet, or the network is down. */
export type Trouble = 'REFUSED' | 'LATER' | 'OFFLINE' | 'NONE'

/** Reads the reason from the status of a response; 0 or undefined if there was none. */
export function troubleOf(status: number | undefined): Trouble {
  if (!status) return 'OFFLINE'
  if (status === 401 || status === 403 || status === 404 || status === 410) return 'REFUSED'
  return status === 429 || status >= 500 ? 'LATER' : 'NONE'
}

/** Asks for the beginning of a file to learn why a media element, which does not tell, cannot load it. */
export async function probe(url: string, signal: AbortSignal): Promise<Trouble> {
  try {
    const response = await fetch(url, { method: 'HEAD', credentials: 'omit', cache: 'no-store', signal })
    return troubleOf(response.status)
  } catch {
    return 'OFFLINE'
  }
}
