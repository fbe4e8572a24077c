// Users wait for photos and for the verification of uploads. Each doubling of the cost makes a job give way more.
const SHORT_WORK = { min: 2, max: 10 }
const LONG_FILM_SECONDS = 600
// Films use much processor time at once. Without this limit, an owner's second film would wait for everyone's long films.
const MOST_FOR_USE = 3
// Decoding and scaling this many pixels takes about as long as decoding a megabyte of JPEG.
const PIXELS_PER_MEGABYTE = 4e6

/**
 * The niceness of short work for an owner whose jobs took much processor time lately. It still comes before ffmpeg, because
 * its time limit is short.
 */
export const MOST_SHORT_NICENESS = 11

/** The niceness of work that nobody waits for. */
export const BACKGROUND_NICENESS = 19

/** The niceness of short work on a file: its cost follows from its bytes or its pixels, whichever cost more. */
export function shortNiceness({ bytes, pixels = 0 }: { bytes: number; pixels?: number }): number {
  const megabytes = Math.max(bytes / 1e6, pixels / PIXELS_PER_MEGABYTE)
  return Math.min(SHORT_WORK.max, SHORT_WORK.min + Math.floor(2 * Math.log2(1 + megabytes)))
}

/** The niceness of running ffmpeg. It gives way to short work, and films of hours give way to all others. */
export function filmNiceness(durationSeconds: number): number {
  return durationSeconds > LONG_FILM_SECONDS ? 19 : 12
}

/** The niceness of running ffmpeg for an owner whose jobs took much processor time lately. */
export function mostFilmNiceness(durationSeconds: number): number {
  return filmNiceness(durationSeconds) + MOST_FOR_USE
}
