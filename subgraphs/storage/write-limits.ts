/** How many times a minute each user may call a mutation; the others share one allowance. */
export const WRITES_PER_MINUTE = {
  // By whoever holds an upload key, so from one network twenty times as many.
  uploadMedia: 60,
  deleteMedia: 60,
}
