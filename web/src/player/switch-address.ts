const READY_WITHIN_MS = 8_000

/**
 * Continues from another address at the same position. While it plays, a second element loads the new address and takes
 * over when it can play, so nobody notices. Where a browser does not let two elements play, the address of the first one
 * changes, which takes a moment.
 *
 * @param twin creates an element like the first one, without an address
 * @returns the element that plays from now on
 */
export async function switchAddress(
  media: HTMLMediaElement,
  address: string,
  twin: () => HTMLMediaElement,
): Promise<HTMLMediaElement> {
  if (media.paused || isElsewhere(media)) return switchInPlace(media, address)
  const next = twin()
  next.muted = true
  next.preload = 'auto'
  next.playbackRate = media.playbackRate
  next.src = address
  media.after(next)
  try {
    await heard(next, 'loadedmetadata')
    next.currentTime = media.currentTime
    await heard(next, 'canplay')
    await next.play()
    next.currentTime = media.currentTime + 0.05
    await heard(next, 'seeked')
    next.volume = media.volume
    next.muted = media.muted
    // A browser may pause an element that gets its sound back without a tap.
    if (next.paused) throw new Error('the browser has paused the second element')
    media.pause()
    media.remove()
    release(media)
    return next
  } catch {
    next.remove()
    release(next)
    return switchInPlace(media, address)
  }
}

/**
 * Changes the address of an element, and continues where it was.
 *
 * @param plays whether it goes on; an element whose address has failed may be paused although nobody has paused it
 */
export async function switchInPlace(
  media: HTMLMediaElement,
  address: string,
  plays = !media.paused,
): Promise<HTMLMediaElement> {
  const position = media.currentTime
  media.src = address
  if (!plays) {
    // Nothing is loaded yet, so this is where it begins.
    if (position > 0) media.currentTime = position
    return media
  }
  const seek = async () => {
    if (position === 0) return
    await heard(media, 'loadedmetadata')
    media.currentTime = position
  }
  await Promise.all([media.play(), seek()])
  return media
}

/** Frees the connection and the memory of an element. */
export function release(media: HTMLMediaElement): void {
  media.pause()
  media.removeAttribute('src')
  media.load()
}

// Another element would leave picture-in-picture, a television, or the full screen of a phone.
function isElsewhere(media: HTMLMediaElement): boolean {
  const phone = 'webkitDisplayingFullscreen' in media && media.webkitDisplayingFullscreen === true
  return phone || document.pictureInPictureElement === media || media.remote?.state === 'connected'
}

function heard(media: HTMLMediaElement, name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const over = new AbortController()
    const end = (settle: () => void) => {
      over.abort()
      clearTimeout(timer)
      settle()
    }
    const timer = setTimeout(() => end(() => reject(new Error(`no ${name}`))), READY_WITHIN_MS)
    const options = { once: true, signal: over.signal }
    media.addEventListener(name, () => end(resolve), options)
    media.addEventListener('error', () => end(() => reject(media.error)), options)
  })
}
