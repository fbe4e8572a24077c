/**
 * Makes pieces of work wait for each other. The database lets one reservation be made at a time; waiting for it here
 * keeps its connections free for others.
 */
export function oneAtATime(): <Result>(work: () => Promise<Result>) => Promise<Result> {
  let last: Promise<unknown> = Promise.resolve()
  return (work) => {
    const done = last.then(work)
    last = done.catch(() => {})
    return done
  }
}
