/** How many times per minute each user may call a mutation; mutations that are not listed share one rate limit. */
export const WRITES_PER_MINUTE = {
  // Called with an upload key instead of a session, so it counts per network, and a network gets twenty times as much.
  uploadMedia: 60,
  deleteMedia: 60,
  updateMedia: 60,
  addCaptions: 10,
  removeCaptions: 30,
  extractCaptions: 10,
}
