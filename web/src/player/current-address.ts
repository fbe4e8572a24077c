/**
 * Replaces the token in the addresses of a stream. A playlist is loaded once, and its segments have the token of that
 * time in their addresses, so segments that are loaded after a renewal are asked for with the new one.
 */
export type CurrentAddress = {
  /** The address to ask instead of this one. */
  of(url: string): string
  /** Takes the address of the playlist after a renewal. */
  renew(playlist: string): void
}

/** Begins with the address of a playlist. */
export function createCurrentAddress(playlist: string): CurrentAddress {
  let current = folderOf(playlist)
  // A player may hold addresses of some earlier renewals; it reads none that are older than its playlist.
  const former = new Set<string>()
  return {
    of(url) {
      const folder = [...former].find((each) => url.startsWith(each))
      return folder === undefined ? url : current + url.slice(folder.length)
    },
    renew(next) {
      const folder = folderOf(next)
      if (folder === current) return
      former.add(current)
      former.delete(folder)
      current = folder
    },
  }
}

function folderOf(url: string): string {
  const [path = ''] = url.split(/[?#]/)
  return path.slice(0, path.lastIndexOf('/') + 1)
}
