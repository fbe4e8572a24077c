/**
 * Runs pieces of work one after the other. The database allows one reservation at a time anyway; waiting here keeps its
 * connections free for other requests.
 */
export function oneAtATime(): <Result>(work: () => Promise<Result>) => Promise<Result> {
  let last: Promise<unknown> = Promise.resolve()
  return (work) => {
    const done = last.then(work)
    last = done.catch(() => {})
    return done
  }
}
