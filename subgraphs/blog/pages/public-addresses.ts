/** Lasting addresses that anyone may know. Access is decided at each request. */
export type PublicAddresses = {
  page(moblogId: string): string
  /** The address of the public page by the handle of the moblog's owner, `/@<handle>`. */
  moblog(handle: string): string
  /** The address of the page of one post, `/@<handle>/<postId>`. */
  post(handle: string, postId: string): string
  feed(moblogId: string): string
  /**
   * The address that plays a media file of a public post.
   *
   * @param extension the file extension of its type, by which podcast apps recognize the type; null for none
   */
  play(mediaId: string, extension: string | null): string
  /** The address of its still picture; for an image, of the image. */
  poster(mediaId: string): string
}

/** Creates the public addresses below the service's base address (`BLOG_PUBLIC_URL`). */
export function publicAddresses(blogUrl: string): PublicAddresses {
  const root = blogUrl.replace(/\/+$/, '')
  const base = `${root}/m`
  return {
    page: (moblogId) => `${base}/${moblogId}`,
    moblog: (handle) => `${root}/@${handle}`,
    post: (handle, postId) => `${root}/@${handle}/${postId}`,
    feed: (moblogId) => `${base}/${moblogId}/feed.xml`,
    play: (mediaId, extension) =>
      `${base}/-/media/${mediaId}/play${extension === null ? '' : `.${extension}`}`,
    poster: (mediaId) => `${base}/-/media/${mediaId}/poster`,
  }
}
