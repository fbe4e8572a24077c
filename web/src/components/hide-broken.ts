/**
 * Handles the event `error` of a small picture in a list: without a connection, browsers would draw a broken picture over
 * its colour. It is loaded again when the connection is back.
 */
export function hideBroken({ target: picture }: Pick<Event, 'target'>): void {
  if (!(picture instanceof HTMLImageElement)) return
  const { src } = picture
  picture.removeAttribute('src')
  // Its description is heard, and has no room on its surface.
  picture.style.color = 'transparent'
  const show = () => {
    // It may show another picture by now.
    if (!picture.hasAttribute('src')) picture.src = src
  }
  addEventListener('online', show, { once: true })
}
