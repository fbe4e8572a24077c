/** Addresses that last and that anyone may know; what they show is decided when they are asked. */
export type PublicAddresses = {
  page(moblogId: string): string
  feed(moblogId: string): string
  /**
   * Where a medium of a post that everyone may see is played.
   *
   * @param extension of a file of its type: podcast apps tell by it what they get
   */
  play(mediaId: string, extension: string | null): string
  /** Where its still picture is; of an image, itself. */
  poster(mediaId: string): string
}

/** The public addresses below the service's own (`BLOG_PUBLIC_URL`). */
export function publicAddresses(blogUrl: string): PublicAddresses {
  const base = `${blogUrl.replace(/\/+$/, '')}/m`
  return {
    page: (moblogId) => `${base}/${moblogId}`,
    feed: (moblogId) => `${base}/${moblogId}/feed.xml`,
    play: (mediaId, extension) =>
      `${base}/-/media/${mediaId}/play${extension === null ? '' : `.${extension}`}`,
    poster: (mediaId) => `${base}/-/media/${mediaId}/poster`,
  }
}
